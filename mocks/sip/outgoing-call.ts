import { callId as callIdOf, cseq as cseqOf, header, headerValues, toTag } from "../../harness/wire/headers.ts";
import type { SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import type { AcceptedInvite } from "./accepted-invite.ts";
import type { ClientTransaction, ClientUser } from "./client-transaction.ts";
import type { Credentials } from "./credentials.ts";
import { type Dialog, dialogOfAnswer, isOfDialog, refreshTarget, requestInDialog } from "./dialog.ts";
import { sendWithDigest } from "./digest-request.ts";
import { newToken } from "./identifiers.ts";
import { answerInDialog } from "./in-dialog.ts";
import type { HeaderLine, OutgoingRequest } from "./message-text.ts";
import { nameAddress } from "./name-address.ts";
import { sdpAnswer } from "./sdp.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import type { SipHub } from "./sip-hub.ts";
import { TRANSACTION_TIMEOUT_MS } from "./timer-group.ts";

/** What an INVITE says. */
export interface OutgoingCall {
  /** To: `sip:user@domain`. */
  readonly to: string;
  /** Request-URI. @default `to` */
  readonly requestUri?: string;
  readonly callId: string;
  /** The offer; `undefined` leaves it to the callee (RFC 3261 section 13.2.1), and our answer goes into the ACK or PRACK. */
  readonly sdp: string | undefined;
  /** Option tags. @default none, and no Supported header field */
  readonly supported?: readonly string[];
  /** Further header fields. @default none */
  readonly headers?: readonly HeaderLine[];
}

export type CallEvent =
  /** 100. */
  | { readonly kind: "trying"; readonly response: SipResponse }
  /** Any other 1xx; one that asks for it was already acknowledged with PRACK. */
  | { readonly kind: "ringing"; readonly status: number; readonly response: SipResponse }
  /** A 2xx of a dialog not seen before; already acknowledged. A `fork` after the first is hung up by itself. */
  | { readonly kind: "answered"; readonly status: number; readonly response: SipResponse; readonly fork: boolean }
  /** Final response >= 300, already acknowledged. A challenge that is answered with credentials is not reported. */
  | { readonly kind: "rejected"; readonly status: number; readonly response: SipResponse }
  /** The same of a further branch, which decides nothing. */
  | { readonly kind: "branch-rejected"; readonly status: number; readonly response: SipResponse }
  /** A re-INVITE, UPDATE or OPTIONS that came within the dialog, already answered. */
  | { readonly kind: "request-received"; readonly request: SipRequest }
  /** The final response to a re-INVITE, OPTIONS or PRACK of ours. */
  | { readonly kind: "response-received"; readonly method: string; readonly response: SipResponse }
  /** Already answered 200. */
  | { readonly kind: "bye-received"; readonly request: SipRequest }
  /** No final response in time (timer B, or 64*T1 after our CANCEL), or the socket went away before one. */
  | { readonly kind: "failed"; readonly why: "timeout" | "flow-closed" };

/** Who calls, over what. */
export interface CallParty {
  /** The hub that requests leave by now. */
  readonly hub: () => SipHub;
  readonly uri: string;
  /** As people write it; quoted and escaped here. Empty for none. */
  readonly displayName: string;
  readonly contact: string;
  readonly allow: HeaderLine;
  /** Absent: a challenge is a final response. */
  readonly credentials?: Credentials;
  /** Whether datagrams within the dialog go where the flow leads and not to the remote target (RFC 5626 section 5.3). @default false */
  readonly overFlow?: boolean;
  readonly onEvent: (event: CallEvent) => void;
}

/** The caller's side of one INVITE. No method throws for what the target does; out of turn they do nothing. */
export interface CallerLeg {
  invite(call: OutgoingCall): void;
  /**
   * Hangs up before the answer: sent at once after a 1xx, else held until one comes (RFC 3261 9.1); a 2xx that comes first is acknowledged
   * and hung up with BYE. `headers`: such as Reason (RFC 3326).
   */
  cancel(headers?: readonly HeaderLine[]): void;
  /** Hangs up after the answer. */
  bye(headers?: readonly HeaderLine[]): void;
  /** Hangs up as the state demands: `cancel` before a 2xx, `bye` after it. */
  hangUp(): void;
  /** Sends the same INVITE once more on a branch of its own, as a proxy that forked would. */
  branch(hub: SipHub, requestUri: string): void;
  /** Writes the INVITE again, same branch and all. */
  repeatInvite(): void;
  /** Writes the ACK of the answer again. */
  repeatAck(): void;
  /** Offers `sdp` within the answered dialog; `undefined` offers nothing. */
  reinvite(sdp: string | undefined): void;
  /** OPTIONS within the answered dialog. */
  options(): void;
  /** The request belongs to a dialog of this call. */
  owns(request: SipRequest): boolean;
  /** Answers a request that belongs to this call. */
  request(incoming: IncomingRequest): void;
  ack(request: SipRequest): void;
  flowClosed(): void;
  /** Nothing is told any more, nothing sent. */
  dispose(): void;
}

/** A dialog of the call: an early one, the first one answered, or a fork. */
interface Leg {
  dialog: Dialog;
  phase: "early" | "confirmed" | "ended";
  repeatAck: () => void;
  /** Number of the last reliable provisional response (RFC 3262 section 4). */
  rseq: number | undefined;
  /** The offer and its answer have both been seen. */
  settled: boolean;
  theirInvite: { readonly cseq: number; readonly accepted: AcceptedInvite } | undefined;
  ourInvite: boolean;
}

interface Branch {
  readonly hub: SipHub;
  readonly transaction: ClientTransaction;
  state: "calling" | "proceeding" | "final";
  cancelled: boolean;
}

const IGNORED: ClientUser = { response: () => {}, timeout: () => {}, closed: () => {} };
const CREDENTIALS = new Set(["authorization", "proxy-authorization"]);

/** Plays one call from the caller's side. */
export function outgoingCall(party: CallParty): CallerLeg {
  const { credentials } = party;
  const fromTag = newToken();
  const contactHeader: HeaderLine = ["Contact", `<${party.contact}>`];
  const legs = new Map<string, Leg>();
  const branches: Branch[] = [];

  let progress: "idle" | "calling" | "proceeding" | "answered" | "over" = "idle";
  let cancelHeaders: readonly HeaderLine[] | undefined;
  let disposed = false;
  let callId: string | undefined;
  let withOffer = true;
  let lastCseq = 0;
  const nextCseq = (): number => {
    lastCseq += 1;
    return lastCseq;
  };

  function emit(event: CallEvent): void {
    if (!disposed) party.onEvent(event);
  }

  function within(leg: Leg, ...[method, options]: [string, Parameters<typeof requestInDialog>[2]?]): OutgoingRequest {
    const { nextHop, ...request } = requestInDialog(leg.dialog, method, options);
    return nextHop === undefined || party.overFlow === true ? request : { ...request, nextHop };
  }

  function sdpBody(text: string): { readonly type: string; readonly text: string } {
    return { type: "application/sdp", text };
  }

  function answerTo(offer: SipResponse): string {
    const { host } = party.hub().socket.local;
    return sdpAnswer(Buffer.from(offer.body).toString(), { host, video: true });
  }

  function legOf(request: SipRequest): Leg | undefined {
    return [...legs.values()].find((leg) => isOfDialog(leg.dialog, request));
  }

  function confirmed(): Leg | undefined {
    return [...legs.values()].find((leg) => leg.phase === "confirmed");
  }

  function fail(why: "timeout" | "flow-closed"): void {
    if (progress === "over") return;
    progress = "over";
    emit({ kind: "failed", why });
  }

  function receive(branch: Branch, response: SipResponse): void {
    const { status } = response;
    if (status < 200) {
      if (branch.state === "calling") branch.state = "proceeding";
      receiveProvisional(response, branch);
      return;
    }
    branch.state = "final";
    if (status < 300) receiveAnswer(response, branch.transaction.request);
    else if (branch !== branches[0]) emit({ kind: "branch-rejected", status, response });
    else if (progress !== "over") {
      progress = "over";
      emit({ kind: "rejected", status, response });
    }
  }

  function receiveProvisional(response: SipResponse, branch: Branch): void {
    if (progress === "calling") progress = "proceeding";
    sendCancels();
    if (response.status > 100) keepEarly(response, branch.transaction.request);
    if (response.status === 100) emit({ kind: "trying", response });
    else emit({ kind: "ringing", status: response.status, response });
  }

  function newLeg(dialog: Dialog): Leg {
    return {
      dialog,
      phase: "early",
      repeatAck: () => {},
      rseq: undefined,
      settled: false,
      theirInvite: undefined,
      ourInvite: false,
    };
  }

  /** A 1xx with a tag makes an early dialog (RFC 3261 section 12.1); a reliable one is acknowledged (RFC 3262 section 4). */
  function keepEarly(response: SipResponse, invite: OutgoingRequest): void {
    const tag = toTag(response);
    if (tag === undefined) return;
    const leg = legs.get(tag) ?? newLeg(dialogOfAnswer(invite, fromTag, response));
    legs.set(tag, leg);
    const rseq = Number(header(response, "rseq"));
    if (!headerValues(response, "require").includes("100rel") || !Number.isInteger(rseq) || leg.phase !== "early")
      return;
    if (leg.rseq !== undefined && rseq !== leg.rseq + 1) return;
    leg.rseq = rseq;
    refreshTarget(leg.dialog, response);
    const offered = !withOffer && !leg.settled && response.body.length > 0;
    leg.settled ||= response.body.length > 0;
    const prack = within(leg, "PRACK", {
      headers: [["RAck", `${rseq} ${invite.cseq} INVITE`]],
      ...(offered ? { body: sdpBody(answerTo(response)) } : {}),
    });
    party.hub().request(prack, reporting("PRACK"));
  }

  function reporting(method: string): ClientUser {
    return {
      ...IGNORED,
      response(response) {
        if (response.status >= 200) emit({ kind: "response-received", method, response });
      },
    };
  }

  /** Every 2xx is acknowledged, also a repeated one and one of another fork (RFC 3261 section 13.2.2.4). */
  function receiveAnswer(response: SipResponse, invite: OutgoingRequest): void {
    const tag = toTag(response) ?? "";
    const known = legs.get(tag);
    if (known !== undefined && known.phase !== "early") {
      known.repeatAck();
      return;
    }
    const fork = [...legs.values()].some((leg) => leg.phase !== "early");
    const dialog = dialogOfAnswer(invite, fromTag, response);
    const leg = known ?? newLeg(dialog);
    // The route set and target are those of the 2xx, the sequence numbers go on.
    dialog.localCseq = Math.max(dialog.localCseq, known?.dialog.localCseq ?? 0);
    dialog.remoteCseq = known?.dialog.remoteCseq ?? 0;
    leg.dialog = dialog;
    leg.phase = "confirmed";
    legs.set(tag, leg);
    const offered = !withOffer && !leg.settled;
    leg.settled = true;
    const ack = within(leg, "ACK", {
      cseq: invite.cseq,
      headers: invite.headers.filter(([name]) => CREDENTIALS.has(name.toLowerCase())),
      ...(offered ? { body: sdpBody(answerTo(response)) } : {}),
    });
    leg.repeatAck = party.hub().acknowledge(ack);
    progress = "answered";
    emit({ kind: "answered", status: response.status, response, fork });
    if (fork || cancelHeaders !== undefined) sendBye(leg, []);
  }

  function sendCancels(): void {
    if (disposed || cancelHeaders === undefined) return;
    for (const branch of branches) {
      if (branch.cancelled || branch.state !== "proceeding") continue;
      branch.cancelled = true;
      const { body: _, ...invite } = branch.transaction.request;
      const cancel: OutgoingRequest = { ...invite, method: "CANCEL", headers: cancelHeaders };
      // 9.1: the way its INVITE took, where that still leads somewhere.
      const hub = branch.hub.socket.state() === "open" ? branch.hub : party.hub();
      hub.request(cancel, IGNORED, branch.transaction.branch);
      // 9.1: without a final response by then the INVITE counts as cancelled.
      hub.timers.after(TRANSACTION_TIMEOUT_MS, () => {
        if (branch.state !== "proceeding") return;
        branch.state = "final";
        branch.transaction.dispose();
        if (branch === branches[0] && progress === "proceeding") fail("timeout");
      });
    }
  }

  function sendBye(leg: Leg, headers: readonly HeaderLine[]): void {
    if (disposed || leg.phase !== "confirmed") return;
    leg.phase = "ended";
    sendWithDigest({
      hub: party.hub(),
      credentials,
      request: within(leg, "BYE", { headers }),
      nextCseq: () => (leg.dialog.localCseq += 1),
      user: IGNORED,
    });
  }

  function cancel(headers: readonly HeaderLine[] = []): void {
    if (progress !== "calling" && progress !== "proceeding") return;
    cancelHeaders ??= headers;
    sendCancels();
  }

  function bye(headers: readonly HeaderLine[] = []): void {
    for (const leg of legs.values()) sendBye(leg, headers);
  }

  return {
    invite(call) {
      if (progress !== "idle" || disposed) return;
      progress = "calling";
      callId = call.callId;
      withOffer = call.sdp !== undefined;
      const supported = call.supported ?? [];
      let current: Branch | undefined;
      const hub = party.hub();
      sendWithDigest({
        hub,
        credentials,
        nextCseq,
        givenUp: () => cancelHeaders !== undefined,
        onSent(transaction) {
          current = { hub, transaction, state: "calling", cancelled: false };
          branches[0] = current;
          progress = "calling";
        },
        request: {
          method: "INVITE",
          uri: call.requestUri ?? call.to,
          from: `${nameAddress(party.displayName, party.uri)};tag=${fromTag}`,
          to: `<${call.to}>`,
          callId: call.callId,
          cseq: nextCseq(),
          routes: [],
          headers: [
            contactHeader,
            party.allow,
            ...(supported.length === 0 ? [] : [["Supported", supported.join(", ")] as const]),
            ...(call.headers ?? []),
          ],
          ...(call.sdp === undefined ? {} : { body: sdpBody(call.sdp) }),
        },
        user: {
          response(response) {
            if (current !== undefined) receive(current, response);
          },
          timeout: () => fail("timeout"),
          closed: () => fail("flow-closed"),
        },
      });
    },
    cancel,
    bye,
    hangUp() {
      if (progress === "answered") bye();
      else cancel();
    },
    branch(hub, uri) {
      const [first] = branches;
      if (first === undefined || disposed || progress === "answered" || progress === "over") return;
      let own: Branch | undefined;
      const transaction = hub.request(
        { ...first.transaction.request, uri },
        {
          ...IGNORED,
          response(response) {
            if (own !== undefined) receive(own, response);
          },
        },
      );
      own = { hub, transaction, state: "calling", cancelled: false };
      branches.push(own);
    },
    repeatInvite() {
      if (!disposed) branches[0]?.transaction.resend();
    },
    repeatAck() {
      if (!disposed) confirmed()?.repeatAck();
    },
    reinvite(sdp) {
      const leg = confirmed();
      if (leg === undefined || disposed || leg.ourInvite) return;
      leg.ourInvite = true;
      const invite = within(leg, "INVITE", {
        headers: [contactHeader, party.allow],
        ...(sdp === undefined ? {} : { body: sdpBody(sdp) }),
      });
      let repeat: (() => void) | undefined;
      const over = (): void => void (leg.ourInvite = false);
      party.hub().request(invite, {
        timeout: over,
        closed: over,
        response(response) {
          if (response.status < 200) return;
          if (repeat !== undefined) {
            repeat();
            return;
          }
          over();
          if (response.status < 300) {
            refreshTarget(leg.dialog, response);
            const body = sdp === undefined ? { body: sdpBody(answerTo(response)) } : {};
            repeat = party.hub().acknowledge(within(leg, "ACK", { cseq: invite.cseq, ...body }));
          }
          emit({ kind: "response-received", method: "INVITE", response });
        },
      });
    },
    options() {
      const leg = confirmed();
      if (leg === undefined || disposed) return;
      party.hub().request(within(leg, "OPTIONS", { headers: [party.allow] }), reporting("OPTIONS"));
    },
    owns: (request) => legOf(request) !== undefined || (callIdOf(request) === callId && toTag(request) === fromTag),
    request(incoming) {
      const { request } = incoming;
      const leg = legOf(request);
      if (leg === undefined || leg.phase === "ended") {
        // A dialog not heard of yet may be asked for its options; two BYEs that crossed are both right.
        const isRight = request.method === (leg === undefined ? "OPTIONS" : "BYE");
        incoming.respond(isRight ? { status: 200, headers: [party.allow] } : { status: 481 });
        return;
      }
      if (leg.phase === "early" && request.method !== "OPTIONS" && request.method !== "UPDATE") {
        incoming.respond({ status: 481 });
        return;
      }
      const { timers, socket } = party.hub();
      const offered = leg.ourInvite || (leg.phase === "early" && !leg.settled);
      const own = { timers, contact: contactHeader, host: socket.local.host, offered };
      const outcome = answerInDialog(incoming, leg.dialog, own);
      if (outcome.kind === "reinvite") leg.theirInvite = outcome;
      if (outcome.kind === "bye") {
        leg.theirInvite?.accepted.stop();
        leg.phase = "ended";
        emit({ kind: "bye-received", request });
      } else emit({ kind: "request-received", request });
    },
    ack(request) {
      const leg = legOf(request);
      if (leg?.theirInvite?.cseq === cseqOf(request)?.number) leg?.theirInvite?.accepted.acknowledged();
    },
    flowClosed() {
      if (progress !== "idle" && progress !== "over" && progress !== "answered") fail("flow-closed");
    },
    dispose() {
      disposed = true;
      for (const leg of legs.values()) leg.theirInvite?.accepted.stop();
    },
  };
}
