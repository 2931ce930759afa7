import type { CallRef, PhoneRef } from "../trace/trace-event.ts";
import type { Action, Anchor, AnchorExpression, AnchorName, MessageMatch } from "./plan.ts";

type Who = PhoneRef | CallRef | undefined;

const anchorWords: Readonly<Record<AnchorName, (who: string) => string>> = {
  "case.started": () => "the case started",
  "call.placed": (who) => `${who} was placed`,
  "call.trying": (who) => `the caller of ${who} got a provisional response`,
  "call.ringing": (who) => `the caller of ${who} heard ringing`,
  "call.answered": (who) => `${who} was answered`,
  "call.rejected": (who) => `${who} was rejected`,
  "call.cancelled": (who) => `the caller's CANCEL of ${who} left`,
  "call.hung-up": (who) => `the caller's BYE of ${who} left`,
  "call.bye-received": (who) => `a BYE reached the caller of ${who}`,
  "push.received": (who) => `a push for ${who} reached the push service`,
  "push.accepted": (who) => `the push for ${who} was accepted`,
  "push.rejected": (who) => `the push for ${who} was rejected`,
  "push.delivered": (who) => `the push was delivered to ${who}`,
  "app.woken": (who) => `the app on ${who} woke`,
  "ringing.shown": (who) => `${who} showed ringing`,
  "phone.registering": (who) => `the REGISTER of ${who} left`,
  "phone.registered": (who) => `${who} was registered`,
  "phone.unregistered": (who) => `${who} was unregistered`,
  "invite.received": (who) => `the INVITE reached ${who}`,
  "cancel.received": (who) => `the CANCEL reached ${who}`,
  "ack.received": (who) => `the ACK reached ${who}`,
  "bye.received": (who) => `the BYE reached ${who}`,
  "sent.180": (who) => `the 180 of ${who} left`,
  "sent.200": (who) => `the 200 of ${who} left`,
  "sent.rejection": (who) => `the rejection of ${who} left`,
  "user.answered": (who) => `the user of ${who} answered`,
  "user.declined": (who) => `the user of ${who} declined`,
};

const anyone: Readonly<Record<string, string>> = { call: "any call", invite: "any phone" };

/** `phone:2` is "phone 2". */
export function describeRef(ref: Who): string {
  return ref === undefined ? "any phone" : ref.replace(":", " ");
}

/** The condition of a step as a clause: "the push for phone 1 was accepted and call 2 was placed". */
export function describeAnchors(expression: AnchorExpression): string {
  if ("all" in expression) return expression.all.map(describeAnchor).join(" and ");
  if ("any" in expression) return expression.any.map(describeAnchor).join(" or ");
  return describeAnchor(expression);
}

function describeAnchor({ on, of, nth = 1 }: Anchor): string {
  const who = of === undefined ? (anyone[on.slice(0, on.indexOf("."))] ?? "any phone") : describeRef(of);
  const clause = anchorWords[on](who);
  return nth === 1 ? clause : `${clause} for the ${ordinal(nth)} time`;
}

/** What is done, as a clause: "the caller of call 1 hangs up". */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case "caller.call":
      return `the caller places ${describeRef(action.call)}`;
    case "caller.hang-up":
      return `the caller of ${describeRef(action.call)} hangs up`;
    case "phone.wake":
      return `${describeRef(action.phone)} wakes and registers`;
    case "phone.register":
      return `${describeRef(action.phone)} registers again`;
    case "phone.log-out":
      return `${describeRef(action.phone)} logs out`;
    case "phone.rotate-token":
      return `${describeRef(action.phone)} is issued a new token and registers with it`;
    case "phone.kill-app":
      return `the app on ${describeRef(action.phone)} is killed`;
    case "phone.lose-network":
      return `${describeRef(action.phone)} loses its network`;
    case "user.answer":
      return `the user of ${describeRef(action.phone)} answers ${describeRef(action.call)}`;
    case "user.decline":
      return `the user of ${describeRef(action.phone)} declines ${describeRef(action.call)} with ${action.status}`;
    case "user.hang-up":
      return `the user of ${describeRef(action.phone)} hangs up ${describeRef(action.call)}`;
    case "wire.lose":
      return `the network loses ${describeMatch(action.match, action.count)}`;
    // The one that is left: "wire.duplicate".
    default:
      return `the network duplicates ${describeMatch(action.match, action.count)}`;
  }
}

function describeMatch({ at, direction, method, status }: MessageMatch, count: number): string {
  const what = status === undefined ? method : `${status} to ${method}`;
  const which = count === 1 ? `the next ${what}` : `the next ${count} of ${what}`;
  const endpoint = at.startsWith("call:") ? `the caller of ${describeRef(at)}` : describeRef(at);
  return `${which} ${direction === "sent" ? "from" : "to"} ${endpoint}`;
}

function ordinal(n: number): string {
  const tail = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${tail}`;
}
