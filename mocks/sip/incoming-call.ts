import { callId, cseq, headerValues } from "../../harness/wire/headers.ts";
import type { SipRequest } from "../../harness/wire/sip-message.ts";
import { type AcceptedInvite, acceptInvite } from "./accepted-invite.ts";
import type { Credentials } from "./credentials.ts";
import { dialogOfInvite, isOfDialog, requestInDialog } from "./dialog.ts";
import { sendWithDigest } from "./digest-request.ts";
import { answerInDialog } from "./in-dialog.ts";
import { ALLOW, type HeaderLine } from "./message-text.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import type { SipHub } from "./sip-hub.ts";

export type IncomingCallEvent =
  /** A CANCEL came in time: it was answered 200 and the INVITE 487. */
  | { readonly kind: "cancelled"; readonly request: SipRequest }
  /** The ACK for our 2xx. */
  | { readonly kind: "acknowledged"; readonly request: SipRequest }
  /** Already answered 200. */
  | { readonly kind: "bye-received"; readonly request: SipRequest }
  /** Our 2xx was never acknowledged (64*T1); we sent BYE. */
  | { readonly kind: "unacknowledged" }
  | { readonly kind: "flow-closed" };

export type IncomingCallState = "incoming" | "answered" | "confirmed" | "rejected" | "cancelled" | "ended";

/** One INVITE at a phone. Methods out of turn (an answer after the CANCEL) do nothing and return false. */
export interface IncomingCall {
  readonly invite: SipRequest;
  readonly callId: string;
  readonly flow: string;
  state(): IncomingCallState;
  /** At most one listener; set it in `onInvite`. */
  listen(listener: (event: IncomingCallEvent) => void): void;
  /** 180. */
  ring(): boolean;
  /** 200 with `sdp`, sent again until acknowledged. */
  answer(sdp: string): boolean;
  /** A final response >= 300. */
  reject(status: number, reason?: string): boolean;
  /** Hangs up; before the ACK came it is held until then (RFC 3261 section 15). */
  bye(): boolean;
}

/** What the phone around it hands to a call. */
export interface CallLeg {
  readonly call: IncomingCall;
  readonly incoming: IncomingRequest;
  /** The request belongs to the dialog of this call. */
  owns(request: SipRequest): boolean;
  request(incoming: IncomingRequest): void;
  ack(request: SipRequest): void;
  cancelled(request: SipRequest): void;
  flowClosed(): void;
}

/** The callee's side of one INVITE. */
export function incomingCall(given: {
  readonly incoming: IncomingRequest;
  readonly hub: SipHub;
  readonly contact: string;
  readonly credentials: Credentials | undefined;
}): CallLeg {
  const { incoming, hub } = given;
  const invite = incoming.request;
  const inviteCseq = cseq(invite)?.number;
  const dialog = dialogOfInvite(invite, incoming.localTag);
  const contactHeader: HeaderLine = ["Contact", `<${given.contact}>`];
  // 12.1.1: what makes a dialog copies Record-Route and says where we are.
  const dialogHeaders: readonly HeaderLine[] = [
    ...headerValues(invite, "record-route").map((value) => ["Record-Route", value] as const),
    contactHeader,
    ALLOW,
  ];
  let state: IncomingCallState = "incoming";
  let listener: ((event: IncomingCallEvent) => void) | undefined;
  let accepted: AcceptedInvite | undefined;
  let reinvite: { readonly cseq: number; readonly accepted: AcceptedInvite } | undefined;
  let byeHeld = false;

  function end(): void {
    state = "ended";
    accepted?.stop();
    reinvite?.accepted.stop();
  }

  function sendBye(): void {
    end();
    sendWithDigest({
      hub,
      credentials: given.credentials,
      request: requestInDialog(dialog, "BYE"),
      nextCseq: () => (dialog.localCseq += 1),
      user: { response: () => {}, timeout: () => {}, closed: () => {} },
    });
  }

  const call: IncomingCall = {
    invite,
    callId: callId(invite) ?? "",
    flow: hub.socket.flow,
    state() {
      return state;
    },
    listen(next) {
      listener = next;
    },
    ring: () => state === "incoming" && incoming.respond({ status: 180, headers: dialogHeaders }),
    answer(sdp) {
      if (state !== "incoming") return false;
      state = "answered";
      accepted = acceptInvite(incoming, hub.timers, { headers: dialogHeaders, sdp }, () => {
        sendBye();
        listener?.({ kind: "unacknowledged" });
      });
      return true;
    },
    reject(status, reason) {
      if (state !== "incoming") return false;
      state = "rejected";
      return incoming.respond(reason === undefined ? { status } : { status, reason });
    },
    bye() {
      if (state === "answered") byeHeld = true;
      else if (state === "confirmed") sendBye();
      else return false;
      return true;
    },
  };

  return {
    call,
    incoming,
    owns: (request) => isOfDialog(dialog, request),
    request(within) {
      if (state !== "answered" && state !== "confirmed") {
        // An early dialog may be asked for its options; two BYEs that crossed are both right.
        const early = state === "incoming" && within.request.method === "OPTIONS";
        const crossed = state === "ended" && within.request.method === "BYE";
        within.respond(early || crossed ? { status: 200, headers: [ALLOW] } : { status: 481 });
        return;
      }
      const own = { timers: hub.timers, contact: contactHeader, host: hub.socket.local.host };
      const outcome = answerInDialog(within, dialog, own);
      if (outcome.kind === "reinvite") reinvite = outcome;
      if (outcome.kind !== "bye") return;
      end();
      listener?.({ kind: "bye-received", request: within.request });
    },
    ack(request) {
      const number = cseq(request)?.number;
      if (reinvite?.cseq === number) reinvite?.accepted.acknowledged();
      if (number !== inviteCseq || state !== "answered") return;
      accepted?.acknowledged();
      state = "confirmed";
      listener?.({ kind: "acknowledged", request });
      if (byeHeld) sendBye();
    },
    cancelled(request) {
      if (state !== "incoming") return;
      state = "cancelled";
      incoming.respond({ status: 487 });
      listener?.({ kind: "cancelled", request });
    },
    flowClosed() {
      if (state === "ended" || state === "rejected" || state === "cancelled") return;
      end();
      listener?.({ kind: "flow-closed" });
    },
  };
}
