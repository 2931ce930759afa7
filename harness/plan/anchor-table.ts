import { cseq, toTag } from "../wire/headers.ts";
import { sipOf } from "../trace/sip-of.ts";
import type { CallRef, EventOf, Lane, PhoneRef, TraceEvent } from "../trace/trace-event.ts";
import type { RegisterPurpose } from "./register-purpose.ts";
import type { Anchor, AnchorName } from "./plan.ts";

/** Whether an event is what an anchor names, of whatever phone or call. `purposeOf` reads REGISTERs and their responses. */
export type AnchorMatcher = (
  event: TraceEvent,
  purposeOf: (event: EventOf<"sip">) => RegisterPurpose | undefined,
) => boolean;

type Endpoint = "caller" | "phone";

/** In the client role the app is the phone's end of every message, and RingTrue's SIP server the caller's. */
const lanesOf: Readonly<Record<Endpoint, readonly Lane[]>> = {
  caller: ["caller", "server"],
  phone: ["phone"],
};

function isFrom(event: EventOf<"sip">, endpoint: Endpoint): boolean {
  return lanesOf[endpoint].includes(event.from) || (endpoint === "phone" && event.to === "server");
}

function isTo(event: EventOf<"sip">, endpoint: Endpoint): boolean {
  return lanesOf[endpoint].includes(event.to) || (endpoint === "phone" && event.from === "server");
}

/** A request of that method that leaves the endpoint; `initial` ones are outside any dialog. */
function sendsRequest(endpoint: Endpoint, method: string, initial = false): AnchorMatcher {
  return (event) => event.kind === "sip" && isFrom(event, endpoint) && isRequest(event, method, initial);
}

/** A request of that method that reaches the endpoint: what the plan lost on its way did not. */
function receivesRequest(endpoint: Endpoint, method: string, initial = false): AnchorMatcher {
  return (event) => reaches(event, endpoint) && isRequest(event, method, initial);
}

function sendsResponse(endpoint: Endpoint, from: number, to: number): AnchorMatcher {
  return (event) => event.kind === "sip" && isFrom(event, endpoint) && answersInvite(event, from, to);
}

function receivesResponse(endpoint: Endpoint, from: number, to: number): AnchorMatcher {
  return (event) => reaches(event, endpoint) && answersInvite(event, from, to);
}

function reaches(event: TraceEvent, endpoint: Endpoint): event is EventOf<"sip"> {
  return event.kind === "sip" && isTo(event, endpoint) && event.fate !== "lost";
}

function isRequest(event: EventOf<"sip">, method: string, initial: boolean): boolean {
  const message = sipOf(event);
  return message.kind === "request" && message.method === method && !(initial && toTag(message) !== undefined);
}

function answersInvite(event: EventOf<"sip">, from: number, to: number): boolean {
  return statusTo(event, "INVITE", from, to) !== undefined;
}

function statusTo(event: EventOf<"sip">, method: string, from: number, to: number): number | undefined {
  const message = sipOf(event);
  if (message.kind !== "response" || message.status < from || message.status > to) return undefined;
  return cseq(message)?.method === method ? message.status : undefined;
}

/** The answer a caller cannot act on but by asking again with credentials is no end of its call (RFC 3261 22). */
function isChallenge(event: TraceEvent): boolean {
  if (event.kind !== "sip") return false;
  return statusTo(event, "INVITE", 401, 401) !== undefined || statusTo(event, "INVITE", 407, 407) !== undefined;
}

function registerAnswered(purpose: RegisterPurpose): AnchorMatcher {
  return (event, purposeOf) =>
    reaches(event, "phone") && statusTo(event, "REGISTER", 200, 299) !== undefined && purposeOf(event) === purpose;
}

const rejected = receivesResponse("caller", 300, 699);

/** The one table that says which trace events an anchor stands for. */
export const anchorTable: Readonly<Record<AnchorName, AnchorMatcher>> = {
  /** Not a trace event: the player fires it (`StepScheduler.started`). */
  "case.started": () => false,

  "call.placed": sendsRequest("caller", "INVITE", true),
  /** Any provisional response: from here on a CANCEL may leave (RFC 3261 9.1). */
  "call.trying": receivesResponse("caller", 100, 199),
  "call.ringing": receivesResponse("caller", 101, 199),
  "call.answered": receivesResponse("caller", 200, 299),
  "call.rejected": (event, purposeOf) => rejected(event, purposeOf) && !isChallenge(event),
  "call.cancelled": sendsRequest("caller", "CANCEL"),
  "call.hung-up": sendsRequest("caller", "BYE"),
  "call.bye-received": receivesRequest("caller", "BYE"),

  "push.received": (event) => event.kind === "push.request",
  "push.accepted": (event) => event.kind === "push.response" && event.status >= 200 && event.status < 300,
  "push.rejected": (event) =>
    event.kind === "push.reset" || (event.kind === "push.response" && (event.status < 200 || event.status >= 300)),
  "push.delivered": (event) => event.kind === "push.delivered",

  "app.woken": (event) => event.kind === "app.woken" || event.kind === "app.launched",
  "app.terminated": (event) => event.kind === "app.terminated",
  "ringing.shown": (event) => event.kind === "ringing.shown",
  "ringing.ended": (event) => event.kind === "ringing.ended",
  "audio.activated": (event) => event.kind === "audio.activated",
  "media.started": (event) => event.kind === "media.started",

  "phone.registering": (event, purposeOf) =>
    event.kind === "sip" &&
    isFrom(event, "phone") &&
    isRequest(event, "REGISTER", false) &&
    purposeOf(event) === "binds",
  "phone.registered": registerAnswered("binds"),
  "phone.unregistered": registerAnswered("removes"),

  "invite.received": receivesRequest("phone", "INVITE", true),
  "cancel.received": receivesRequest("phone", "CANCEL"),
  "ack.received": receivesRequest("phone", "ACK"),
  "bye.received": receivesRequest("phone", "BYE"),
  "sent.180": sendsResponse("phone", 180, 180),
  "sent.200": sendsResponse("phone", 200, 299),
  "sent.rejection": sendsResponse("phone", 300, 699),

  "user.answered": (event) => event.kind === "user.answered",
  "user.declined": (event) => event.kind === "user.declined",
  "user.hung-up": (event) => event.kind === "user.hung-up",
};

/**
 * Whether this event is an occurrence of the anchor, whichever `nth` it asks for. Events before `sinceSeq` (each phone's
 * first registration, above all) are none.
 */
export function matchesAnchor(
  anchor: Anchor,
  event: TraceEvent,
  purposeOf: (event: EventOf<"sip">) => RegisterPurpose | undefined,
  sinceSeq = 0,
): boolean {
  return event.seq >= sinceSeq && isOf(event, anchor.of) && anchorTable[anchor.on](event, purposeOf);
}

function isOf(event: TraceEvent, of: PhoneRef | CallRef | undefined): boolean {
  return of === undefined || event.phone === of || event.call === of;
}
