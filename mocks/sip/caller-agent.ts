import { callId as callIdOf, cseq as cseqOf, toTag } from "../../harness/wire/headers.ts";
import type { SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import type { AcceptedInvite } from "./accepted-invite.ts";
import type { ClientTransaction, ClientUser } from "./client-transaction.ts";
import type { Credentials } from "./credentials.ts";
import { type Dialog, dialogOfAnswer, isOfDialog, requestInDialog } from "./dialog.ts";
import { sendWithDigest } from "./digest-request.ts";
import { newToken } from "./identifiers.ts";
import { answerInDialog } from "./in-dialog.ts";
import { ALLOW, type HeaderLine, type OutgoingRequest } from "./message-text.ts";
import { nameAddress } from "./name-address.ts";
import { registerClient } from "./register-client.ts";
import type { RegisterOutcome, Registration } from "./registration.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import { sipHub } from "./sip-hub.ts";
import type { SipSocket } from "./sip-socket.ts";
import { TRANSACTION_TIMEOUT_MS } from "./timer-group.ts";
import { contactUri } from "./via-of.ts";

export interface CallerOptions {
  readonly socket: SipSocket;
  /** Address of record: `sip:user@domain`. */
  readonly uri: string;
  /** As people write it; quoted and escaped here. Empty for none. */
  readonly displayName: string;
  /** Absent: a challenge is a final response. */
  readonly credentials?: Credentials;
  readonly onEvent: (event: CallerEvent) => void;
  /** RingTrue's own SIP went wrong. */
  readonly onFault: (message: string) => void;
}

export interface OutgoingCall {
  /** Request-URI and To: `sip:user@domain`. */
  readonly to: string;
  readonly callId: string;
  readonly sdp: string;
  /** Option tags. @default none, and no Supported header field */
  readonly supported?: readonly string[];
}

export type CallerEvent =
  /** 100. */
  | { readonly kind: "trying"; readonly response: SipResponse }
  /** Any other 1xx. */
  | { readonly kind: "ringing"; readonly status: number; readonly response: SipResponse }
  /** A 2xx of a dialog not seen before; already acknowledged. A `fork` after the first is hung up by itself. */
  | { readonly kind: "answered"; readonly status: number; readonly response: SipResponse; readonly fork: boolean }
  /** Final response >= 300, already acknowledged. A challenge that is answered with credentials is not reported. */
  | { readonly kind: "rejected"; readonly status: number; readonly response: SipResponse }
  /** Already answered 200. */
  | { readonly kind: "bye-received"; readonly request: SipRequest }
  /** No final response in time (timer B, or 64*T1 after our CANCEL), or the socket went away before one. */
  | { readonly kind: "failed"; readonly why: "timeout" | "flow-closed" };

/** The user agent client of one call. No method throws for what the target does; out of turn they do nothing. */
export interface CallerAgent {
  invite(call: OutgoingCall): void;
  /** Hangs up before the answer: sent at once after a 1xx, else held until one comes (RFC 3261 9.1); a 2xx that comes first is acknowledged and hung up with BYE. */
  cancel(): void;
  /** Hangs up after the answer. */
  bye(): void;
  /** Hangs up as the state demands: `cancel` before a 2xx, `bye` after it. */
  hangUp(): void;
  /** Registers the caller's contact, for targets whose callers must. */
  register(registration: Registration): Promise<RegisterOutcome>;
  /** Frees every timer and transaction; the socket stays as it is. */
  dispose(): void;
}

/** A dialog of the call: the first one answered, or a fork. */
interface AnsweredLeg {
  readonly dialog: Dialog;
  readonly repeatAck: () => void;
  ended: boolean;
  reinvite: { readonly cseq: number; readonly accepted: AcceptedInvite } | undefined;
}

const IGNORED: ClientUser = { response: () => {}, timeout: () => {}, closed: () => {} };
const CREDENTIALS = new Set(["authorization", "proxy-authorization"]);

/** Plays one call from the caller's side over `socket`, whose receiver it becomes. */
export function callerAgent(options: CallerOptions): CallerAgent {
  const { socket, credentials } = options;
  const fromTag = newToken();
  const contact = contactUri(socket, `caller-${newToken()}`);
  const contactHeader: HeaderLine = ["Contact", `<${contact}>`];
  const registrar = registerClient(options.uri, credentials);
  const legs = new Map<string, AnsweredLeg>();

  let progress: "idle" | "calling" | "proceeding" | "answered" | "over" = "idle";
  let hangUpWanted = false;
  let cancelSent = false;
  let disposed = false;
  let callId: string | undefined;
  let current: ClientTransaction | undefined;
  let lastCseq = 0;
  const nextCseq = (): number => {
    lastCseq += 1;
    return lastCseq;
  };

  function emit(event: CallerEvent): void {
    if (!disposed) options.onEvent(event);
  }

  const hub = sipHub(socket, {
    request: receiveRequest,
    cancel: () => {}, // a re-INVITE is answered at once, so its CANCEL is always too late
    ack(ack) {
      const leg = legOf(ack);
      if (leg?.reinvite?.cseq === cseqOf(ack)?.number) leg?.reinvite?.accepted.acknowledged();
    },
    closed: () => {
      if (progress !== "idle" && progress !== "over" && progress !== "answered") fail("flow-closed");
    },
    onFault: options.onFault,
  });

  function legOf(request: SipRequest): AnsweredLeg | undefined {
    return [...legs.values()].find((leg) => isOfDialog(leg.dialog, request));
  }

  function receiveRequest(incoming: IncomingRequest): void {
    const { request } = incoming;
    const leg = legOf(request);
    if (leg === undefined) {
      const early = request.method === "OPTIONS" && callIdOf(request) === callId && toTag(request) === fromTag;
      if (early) incoming.respond({ status: 200, headers: [ALLOW] });
      else incoming.respond({ status: toTag(request) === undefined ? 480 : 481 });
      return;
    }
    if (leg.ended) {
      // Two BYEs that crossed are both right.
      incoming.respond({ status: request.method === "BYE" ? 200 : 481 });
      return;
    }
    const own = { timers: hub.timers, contact: contactHeader, host: socket.local.host };
    const outcome = answerInDialog(incoming, leg.dialog, own);
    if (outcome.kind === "reinvite") leg.reinvite = outcome;
    if (outcome.kind !== "bye") return;
    leg.reinvite?.accepted.stop();
    leg.ended = true;
    emit({ kind: "bye-received", request });
  }

  function fail(why: "timeout" | "flow-closed"): void {
    if (progress === "over") return;
    progress = "over";
    emit({ kind: "failed", why });
  }

  function receiveResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) receiveProvisional(response);
    else if (status < 300) receiveAnswer(response);
    else if (progress !== "over") {
      progress = "over";
      emit({ kind: "rejected", status, response });
    }
  }

  function receiveProvisional(response: SipResponse): void {
    if (progress === "calling") progress = "proceeding";
    if (hangUpWanted) sendCancel();
    if (response.status === 100) emit({ kind: "trying", response });
    else emit({ kind: "ringing", status: response.status, response });
  }

  /** Every 2xx is acknowledged, also a repeated one and one of another fork (RFC 3261 section 13.2.2.4). */
  function receiveAnswer(response: SipResponse): void {
    const invite = current?.request;
    if (invite === undefined) return;
    const tag = toTag(response) ?? "";
    const known = legs.get(tag);
    if (known !== undefined) {
      known.repeatAck();
      return;
    }
    const fork = legs.size > 0;
    const dialog = dialogOfAnswer(invite, fromTag, response);
    const proofs = invite.headers.filter(([name]) => CREDENTIALS.has(name.toLowerCase()));
    const ack = requestInDialog(dialog, "ACK", { cseq: invite.cseq, headers: proofs });
    const leg: AnsweredLeg = { dialog, repeatAck: hub.acknowledge(ack), ended: false, reinvite: undefined };
    legs.set(tag, leg);
    progress = "answered";
    emit({ kind: "answered", status: response.status, response, fork });
    if (fork || hangUpWanted) sendBye(leg);
  }

  function sendCancel(): void {
    if (disposed || cancelSent || progress !== "proceeding" || current === undefined) return;
    cancelSent = true;
    const { body: _, ...invite } = current.request;
    const cancel: OutgoingRequest = { ...invite, method: "CANCEL", headers: [] };
    hub.request(cancel, IGNORED, current.branch);
    const cancelled = current;
    // 9.1: without a final response by then the INVITE counts as cancelled.
    hub.timers.after(TRANSACTION_TIMEOUT_MS, () => {
      if (progress !== "proceeding") return;
      cancelled.dispose();
      fail("timeout");
    });
  }

  function sendBye(leg: AnsweredLeg): void {
    if (disposed || leg.ended) return;
    leg.ended = true;
    sendWithDigest({
      hub,
      credentials,
      request: requestInDialog(leg.dialog, "BYE"),
      nextCseq: () => (leg.dialog.localCseq += 1),
      user: IGNORED,
    });
  }

  function cancel(): void {
    if (progress !== "calling" && progress !== "proceeding") return;
    hangUpWanted = true;
    sendCancel();
  }

  function bye(): void {
    for (const leg of legs.values()) sendBye(leg);
  }

  return {
    invite(call) {
      if (progress !== "idle" || disposed) return;
      progress = "calling";
      callId = call.callId;
      const supported = call.supported ?? [];
      sendWithDigest({
        hub,
        credentials,
        nextCseq,
        givenUp: () => hangUpWanted,
        onSent(transaction) {
          current = transaction;
          progress = "calling";
        },
        request: {
          method: "INVITE",
          uri: call.to,
          from: `${nameAddress(options.displayName, options.uri)};tag=${fromTag}`,
          to: `<${call.to}>`,
          callId: call.callId,
          cseq: nextCseq(),
          routes: [],
          headers: [
            contactHeader,
            ALLOW,
            ...(supported.length === 0 ? [] : [["Supported", supported.join(", ")] as const]),
          ],
          body: { type: "application/sdp", text: call.sdp },
        },
        user: { response: receiveResponse, timeout: () => fail("timeout"), closed: () => fail("flow-closed") },
      });
    },
    cancel,
    bye,
    hangUp() {
      if (progress === "answered") bye();
      else cancel();
    },
    async register(registration) {
      return disposed ? { kind: "flow-closed" } : registrar.register(hub, contact, registration);
    },
    dispose() {
      disposed = true;
      hub.dispose();
    },
  };
}
