import { cseqOf, parseNameAddress, splitValues } from "./sip-fields.ts";
import {
  header,
  type Header,
  NO_BODY,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  valueOf,
  valuesOf,
} from "./sip-message.ts";
import type { Flow } from "./transport.ts";

/** One of the two dialogs of a bridged call, as the B2BUA sees it (RFC 3261 12). */
export interface Leg {
  readonly callId: string;
  readonly localTag: string;
  /** From and To of our requests. */
  readonly local: string;
  readonly remote: string;
  readonly target: string;
  readonly routes: readonly string[];
  /** Our own Contact. */
  readonly contact: string;
  flow: Flow;
  /** CSeq number of our last request, and of our last INVITE. */
  cseq: number;
  inviteCseq: number;
  /** CSeq number of the peer's last request. */
  remoteCseq: number;
  /** The ACK for our INVITE, to repeat when the peer repeats its 2xx. */
  acknowledgement: SipRequest | undefined;
}

/** The leg towards the caller: we were called. */
export function callerLeg(invite: SipRequest, localTag: string, contact: string, flow: Flow): Leg {
  return {
    callId: valueOf(invite, "call-id") ?? "",
    localTag,
    local: `${valueOf(invite, "to") ?? ""};tag=${localTag}`,
    remote: valueOf(invite, "from") ?? "",
    target: contactOf(invite),
    routes: valuesOf(invite, "record-route"),
    contact,
    flow,
    cseq: 0,
    inviteCseq: 0,
    remoteCseq: cseqOf(invite)?.number ?? 0,
    acknowledgement: undefined,
  };
}

/** The leg towards the phone that answered our INVITE. */
export function phoneLeg(invite: SipRequest, answer: SipResponse, localTag: string, flow: Flow): Leg {
  const number = cseqOf(invite)?.number ?? 1;
  return {
    callId: valueOf(invite, "call-id") ?? "",
    localTag,
    local: valueOf(invite, "from") ?? "",
    remote: valueOf(answer, "to") ?? "",
    target: contactOf(answer) || invite.uri,
    routes: valuesOf(answer, "record-route").toReversed(),
    contact: valueOf(invite, "contact") ?? "",
    flow,
    cseq: number,
    inviteCseq: number,
    remoteCseq: 0,
    acknowledgement: undefined,
  };
}

function contactOf(message: SipMessage): string {
  const [first = ""] = splitValues(valueOf(message, "contact") ?? "");
  return parseNameAddress(first)?.uri ?? "";
}

/** A request of ours within the leg's dialog; `number` is its CSeq. */
export function requestIn(
  leg: Leg,
  method: string,
  number: number,
  more: readonly Header[] = [],
  body: Buffer = NO_BODY,
): SipRequest {
  const withContact = method === "INVITE" || method === "UPDATE" ? [header("Contact", leg.contact)] : [];
  return {
    kind: "request",
    method,
    uri: leg.target,
    headers: [
      header("Max-Forwards", "70"),
      ...leg.routes.map((route) => header("Route", route)),
      header("From", leg.local),
      header("To", leg.remote),
      header("Call-ID", leg.callId),
      header("CSeq", `${number} ${method}`),
      ...withContact,
      ...more,
    ],
    body,
  };
}

/** The headers that say what a body is; they go with it from leg to leg. */
export function bodyHeaders(message: SipMessage): readonly Header[] {
  return message.headers.filter((field) => field.name.startsWith("content-") && field.name !== "content-length");
}
