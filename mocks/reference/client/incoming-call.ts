import { type Leg, callerLeg, requestIn } from "../b2bua-leg.ts";
import type { ClientHandlers } from "../client-transaction.ts";
import { T1_MS, T2_MS } from "../client-transaction.ts";
import type { ServerTransaction } from "../server-transaction.ts";
import { callIdOf, cseqOf, parseNameAddress, parseUri, tagOf } from "../sip-fields.ts";
import {
  type Header,
  header,
  NO_BODY,
  responseTo,
  type SipRequest,
  type SipResponse,
  valueOf,
} from "../sip-message.ts";
import type { Cancel, Timers } from "../timers.ts";
import type { ClientFault } from "./faults.ts";
import { answerTo, offeredAgain, offerOf, offersVideo } from "./session-description.ts";

/** What becomes of a call that is not our own doing. */
export interface LegListener {
  readonly cancelled: (cancel: SipRequest) => void;
  /** The ACK for our 2xx came: the dialog is confirmed. */
  readonly confirmed: () => void;
  /** The caller hung up. */
  readonly ended: () => void;
  /** No ACK came; the caller was sent a BYE. */
  readonly failed: () => void;
}

/** The called side of one INVITE (RFC 3261 sections 12, 13.3, 14.2, 15). Out of turn its methods do nothing. */
export interface IncomingCall {
  readonly invite: SipRequest;
  readonly callId: string;
  readonly localTag: string;
  readonly caller: { readonly handle: string | undefined; readonly name: string | undefined };
  readonly video: boolean;
  readonly state: "ringing" | "accepted" | "confirmed" | "over";
  listener: LegListener;
  ring(): void;
  accept(): void;
  reject(status: number): void;
  /** Declines it, or sends BYE: at once, or when the ACK comes (section 15). */
  hangUp(status: number): void;
  /** Offers the direction that holds it, or takes it back. */
  hold(onHold: boolean, settled: (done: boolean) => void): void;

  readonly transaction: ServerTransaction;
  cancelled(cancel: SipRequest): void;
  acknowledged(ack: SipRequest): void;
  /** A request within the dialog. */
  receive(transaction: ServerTransaction): void;
}

/** What a call needs of the user agent it is in. */
export interface CallParts {
  readonly timers: Timers;
  readonly fault: ClientFault;
  /** Address for session descriptions. */
  readonly mediaHost: string;
  readonly contact: () => string;
  /** Further header fields of our responses and requests. */
  readonly extra: () => readonly Header[];
  request(request: SipRequest, handlers: ClientHandlers): void;
  /** Sends without following it: ACK for 2xx. */
  sendOnce(request: SipRequest): void;
}

export const ALLOW = header("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE");
const NOBODY: LegListener = { cancelled: () => {}, confirmed: () => {}, ended: () => {}, failed: () => {} };
const ACK_WAIT_MS = 64 * T1_MS;

export function incomingCall(transaction: ServerTransaction, parts: CallParts): IncomingCall {
  const { fault, timers } = parts;
  const { request: invite, localTag } = transaction;
  const leg: Leg = callerLeg(invite, localTag, parts.contact(), transaction.flow);
  const offer = invite.body.toString("utf8");
  let state: IncomingCall["state"] = "ringing";
  let version = 1;
  let lastSdp = "";
  /** Stops the repetition of a 2xx, by the CSeq of its INVITE. */
  const repeating = new Map<number, Cancel>();
  let endWhenAcknowledged = false;
  let ourInvite = false;

  const recordRoutes = invite.headers.filter((field) => field.name === "record-route");
  const contactFields = (): readonly Header[] => [header("Contact", parts.contact()), ...parts.extra()];

  function answerFor(theirs: string): string {
    if (theirs === "") return lastSdp === "" ? offerOf(mediaOf(), own()) : offeredAgain(lastSdp, "sendrecv", version);
    return answerTo(theirs, own());
  }
  const own = () => ({ host: parts.mediaHost, version });
  /** Who signals over WebSocket is a browser. */
  const mediaOf = (): "rtp" | "webrtc" => (transaction.flow.transport.startsWith("ws") ? "webrtc" : "rtp");

  /** A 2xx to an INVITE is the business of the core: it repeats it until ACK comes (section 13.3.1.4). */
  function acceptInvite(of: ServerTransaction, sdp: string, onNoAck: () => void): void {
    const withSdp = fault !== "answers-without-sdp" && sdp !== "";
    const response: SipResponse = responseTo(of.request, 200, {
      toTag: localTag,
      headers: [
        ...recordRoutes,
        ...contactFields(),
        ALLOW,
        ...(withSdp ? [header("Content-Type", "application/sdp")] : []),
      ],
      body: withSdp ? Buffer.from(sdp, "utf8") : NO_BODY,
    });
    lastSdp = sdp;
    of.respond(response);
    const number = cseqOf(of.request)?.number ?? 0;
    let stopNext: Cancel = () => {};
    const repeat = (delayMs: number): void => {
      if (fault === "sends-2xx-once") return;
      stopNext = timers.after(delayMs, () => {
        of.respond(response);
        repeat(Math.min(delayMs * 2, T2_MS));
      });
    };
    const stopWaiting = timers.after(ACK_WAIT_MS, () => {
      stopNext();
      repeating.delete(number);
      onNoAck();
    });
    repeating.set(number, () => {
      stopNext();
      stopWaiting();
    });
    repeat(T1_MS);
  }

  function sendBye(): void {
    if (fault !== "forgets-bye") {
      leg.cseq = nextCseq();
      parts.request(inDialog("BYE"), IGNORED);
    }
    over();
  }
  function over(): void {
    state = "over";
    for (const stop of repeating.values()) stop();
    repeating.clear();
  }
  const nextCseq = (): number => (fault === "app-cseq-constant" ? Math.max(leg.cseq, 1) : leg.cseq + 1);
  function inDialog(method: string, sdp = ""): SipRequest {
    const type = sdp === "" ? [] : [header("Content-Type", "application/sdp")];
    return requestIn(leg, method, leg.cseq, [...parts.extra(), ...type], Buffer.from(sdp, "utf8"));
  }

  const call: IncomingCall = {
    invite,
    callId: callIdOf(invite),
    localTag,
    caller: callerOf(invite),
    video: offersVideo(offer),
    get state() {
      return state;
    },
    listener: NOBODY,
    transaction,
    ring() {
      if (state !== "ringing" || fault === "no-180") return;
      transaction.respond(
        responseTo(invite, 180, { toTag: localTag, headers: [...recordRoutes, ...contactFields(), ALLOW] }),
      );
    },
    accept() {
      if (state !== "ringing") return;
      state = "accepted";
      acceptInvite(transaction, answerFor(offer), () => {
        if (state !== "accepted") return;
        // RFC 3261 section 13.3.1.4: the dialog is confirmed, but the session should be terminated.
        sendBye();
        call.listener.failed();
      });
    },
    reject(status) {
      if (state !== "ringing") return;
      over();
      transaction.reply(status, { toTag: localTag });
    },
    hangUp(status) {
      if (state === "ringing") call.reject(status);
      else if (state === "confirmed") sendBye();
      else if (state === "accepted") endWhenAcknowledged = true;
    },
    hold(onHold, settled) {
      if (state !== "confirmed" || ourInvite) {
        settled(state !== "over");
        return;
      }
      ourInvite = true;
      version += 1;
      leg.cseq = nextCseq();
      const number = leg.cseq;
      const sdp = offeredAgain(lastSdp, onHold ? "sendonly" : "sendrecv", version);
      parts.request(inDialog("INVITE", sdp), {
        onResponse: (response) => {
          if (response.status < 200) return;
          if (response.status < 300) {
            lastSdp = sdp;
            parts.sendOnce(requestIn(leg, "ACK", number));
          }
          if (ourInvite) settled(response.status < 300);
          ourInvite = false;
        },
        onFailed: () => {
          ourInvite = false;
          settled(false);
        },
      });
    },
    cancelled(cancel) {
      if (state !== "ringing") return;
      over();
      if (fault !== "no-487") transaction.reply(487, { toTag: localTag });
      call.listener.cancelled(cancel);
    },
    acknowledged(ack) {
      const number = cseqOf(ack)?.number ?? 0;
      repeating.get(number)?.();
      repeating.delete(number);
      if (state !== "accepted" || number !== cseqOf(invite)?.number) return;
      state = "confirmed";
      if (endWhenAcknowledged) sendBye();
      else call.listener.confirmed();
    },
    receive(asked) {
      const { request } = asked;
      const number = cseqOf(request)?.number ?? 0;
      if (state === "over") {
        asked.reply(481);
        return;
      }
      if (number <= leg.remoteCseq) {
        // RFC 3261 section 12.2.2.
        asked.reply(500);
        return;
      }
      leg.remoteCseq = number;
      if (request.method === "BYE") bye(asked);
      else if (request.method === "INVITE") reinvited(asked);
      else if (request.method === "UPDATE") updated(asked);
      else if (request.method === "OPTIONS") {
        if (fault !== "ignores-options") asked.reply(200, { headers: [ALLOW, ACCEPT] });
      } else if (request.method === "PRACK") asked.reply(481);
      else asked.reply(405, { headers: [ALLOW] });
    },
  };

  function bye(asked: ServerTransaction): void {
    if (fault !== "app-bye-unanswered") asked.reply(200);
    const early = state === "ringing";
    over();
    // RFC 3261 section 15.1.2: a request still pending is answered 487.
    if (early) transaction.reply(487, { toTag: localTag });
    call.listener.ended();
  }
  function reinvited(asked: ServerTransaction): void {
    if (fault === "ignores-reinvite") return;
    if (state === "ringing") {
      // RFC 3261 section 14.2: another INVITE has no final response yet.
      asked.reply(500, { headers: [header("Retry-After", "2")] });
      return;
    }
    if (ourInvite) {
      asked.reply(491, { reason: "Request Pending" });
      return;
    }
    retarget(asked.request);
    version += 1;
    acceptInvite(asked, answerFor(asked.request.body.toString("utf8")), () => {
      if (state === "over") return;
      sendBye();
      call.listener.failed();
    });
  }
  function updated(asked: ServerTransaction): void {
    const theirs = asked.request.body.toString("utf8");
    if (theirs !== "" && state === "ringing") {
      // RFC 3311 section 5.2: the offer of the INVITE has no answer yet.
      asked.reply(491, { reason: "Request Pending" });
      return;
    }
    retarget(asked.request);
    if (theirs !== "") version += 1;
    const sdp = theirs === "" ? "" : answerTo(theirs, own());
    if (sdp !== "") lastSdp = sdp;
    asked.respond(
      responseTo(asked.request, 200, {
        toTag: localTag,
        headers: [...contactFields(), ALLOW, ...(sdp === "" ? [] : [header("Content-Type", "application/sdp")])],
        body: Buffer.from(sdp, "utf8"),
      }),
    );
  }
  /** RFC 3261 section 12.2.2: a target refresh. */
  function retarget(request: SipRequest): void {
    const uri = parseNameAddress(valueOf(request, "contact") ?? "")?.uri;
    if (uri !== undefined) Object.assign(leg, { target: uri });
  }

  return call;
}

const ACCEPT = header("Accept", "application/sdp");
const IGNORED: ClientHandlers = { onResponse: () => {}, onFailed: () => {} };

function callerOf(invite: SipRequest): IncomingCall["caller"] {
  const from = parseNameAddress(utf8(valueOf(invite, "from") ?? ""));
  if (from === undefined) return { handle: undefined, name: undefined };
  const user = parseUri(from.uri)?.user;
  return {
    handle: user === undefined ? undefined : unescaped(user),
    name: from.displayName === "" ? undefined : from.displayName,
  };
}

/** Header text stands one character per byte; names are UTF-8. */
function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** From tag, Call-ID and CSeq: what the branches of one INVITE share (RFC 3261 section 8.2.2.2). */
export function inviteKey(invite: SipRequest): string {
  return `${tagOf(invite, "from") ?? ""}|${callIdOf(invite)}|${cseqOf(invite)?.number ?? ""}`;
}
