import type { Role } from "../trace/run-facts.ts";
import type { CallRef, PhoneRef } from "../trace/trace-event.ts";
import type {
  Action,
  Anchor,
  AnchorExpression,
  AnchorName,
  CancelForm,
  MessageMatch,
  PushForm,
  RegistrarAnswer,
} from "./plan.ts";
import { describeSettings } from "./describe-settings.ts";

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
  "app.terminated": (who) => `the app on ${who} was terminated`,
  "ringing.shown": (who) => `${who} showed ringing`,
  "ringing.ended": (who) => `${who} stopped ringing`,
  "audio.activated": (who) => `the audio session of ${who} was active`,
  "media.started": (who) => `the app on ${who} had its media on`,
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
  "user.hung-up": (who) => `the user of ${who} hung up`,
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

const hangUpWords: Readonly<Record<CancelForm, string>> = {
  plain: "",
  "completed-elsewhere": ", as the call was completed elsewhere",
  "answered-elsewhere": ", as the call was answered elsewhere",
  "declined-elsewhere": ", as the call was declined elsewhere",
};

const pushWords: Readonly<Record<PushForm, string>> = {
  whole: "a push",
  "no-keys": "a push without any key",
  "not-an-object": "a push whose payload is no object",
  "bad-uuid": "a push whose UUID is none",
  "no-caller": "a push that names no caller",
  "not-obliged": "a push that need not be reported",
  cancel: "a cancelling push",
};

const othersWords = { none: "", end: " and ends the other", hold: " and holds the other" } as const;

function throughWords(through: "notification" | "telecom" | undefined): string {
  if (through === undefined) return "";
  return through === "telecom" ? " through the system" : " in the notification";
}

function registrarWords(answer: RegistrarAnswer): string {
  switch (answer) {
    case "accept":
      return "accepts";
    case "hold":
      return "holds back its answers to";
    case "silence":
      return "ignores";
    default:
      return `answers ${answer} to`;
  }
}

/**
 * What is done, as a clause: "the caller of call 1 hangs up". In the client role the plan moves the phone alone; what its app then
 * does is the target's.
 */
export function describeAction(action: Action, role: Role = "server"): string {
  switch (action.kind) {
    case "caller.call":
      return `the caller places ${describeRef(action.call)}`;
    case "caller.hang-up":
      return `the caller of ${describeRef(action.call)} hangs up${hangUpWords[action.form ?? "plain"]}`;
    case "caller.fork":
      return `the INVITE of ${describeRef(action.call)} comes on a second branch`;
    case "caller.reinvite":
      return `the caller ${action.hold ? "holds" : "renews the session of"} ${describeRef(action.call)}`;
    case "caller.options":
      return `the caller of ${describeRef(action.call)} asks with OPTIONS`;
    case "push.send":
      return `${pushWords[action.form ?? "whole"]} for ${describeRef(action.call)} is sent to ${describeRef(action.phone)}${action.priority === "normal" ? " with normal priority" : ""}`;
    case "registrar.answer":
      return `the registrar ${registrarWords(action.answer)} the REGISTERs of ${describeRef(action.phone)}`;
    case "phone.wake":
      return role === "client"
        ? `the user of ${describeRef(action.phone)} opens the app`
        : `${describeRef(action.phone)} wakes and registers`;
    case "phone.register":
      return `${describeRef(action.phone)} registers again`;
    case "phone.log-out":
      return role === "client"
        ? `the user of ${describeRef(action.phone)} logs out`
        : `${describeRef(action.phone)} logs out`;
    case "phone.log-in":
      return `the user of ${describeRef(action.phone)} logs in`;
    case "phone.rotate-token":
      return `${describeRef(action.phone)} is issued a new token${role === "client" ? "" : " and registers with it"}`;
    case "phone.invalidate-token":
      return `the token of ${describeRef(action.phone)} becomes void`;
    case "phone.kill-app":
      return `the app on ${describeRef(action.phone)} is killed`;
    case "phone.remove-task":
      return `the user of ${describeRef(action.phone)} swipes the app away`;
    case "phone.background":
      return `the app on ${describeRef(action.phone)} goes to the background`;
    case "phone.suspend":
      return `the app on ${describeRef(action.phone)} is suspended`;
    case "phone.lose-network":
      return `${describeRef(action.phone)} loses its network`;
    case "phone.regain-network":
      return `${describeRef(action.phone)} has its network back`;
    case "phone.change-network":
      return `${describeRef(action.phone)} changes to another network`;
    case "phone.reset-provider":
      return `the system of ${describeRef(action.phone)} resets the call provider`;
    case "phone.change":
      return `${describeRef(action.phone)} now has ${describeSettings(action.settings)}`;
    case "user.answer":
      return `the user of ${describeRef(action.phone)} answers ${describeRef(action.call)}${othersWords[action.others ?? "none"]}${throughWords(action.through)}`;
    case "user.decline":
      return `the user of ${describeRef(action.phone)} declines ${describeRef(action.call)}${action.status === undefined ? "" : ` with ${action.status}`}${throughWords(action.through)}`;
    case "user.hang-up":
      return `the user of ${describeRef(action.phone)} hangs up ${describeRef(action.call)}`;
    case "user.hold":
      return `the user of ${describeRef(action.phone)} ${action.onHold ? "holds" : "resumes"} ${describeRef(action.call)}`;
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
