import type { CallRef, PhoneRef } from "../trace/trace-event.ts";
import type {
  Action,
  Anchor,
  AnchorExpression,
  AnchorName,
  CancelForm,
  MessageMatch,
  PhoneSettings,
  PushForm,
  PushHandling,
  RegistrarAnswer,
  Step,
} from "./plan.ts";

/** Short spellings of the parts of a plan, so that one reads like the ladder it makes. Plain data, nothing more. */

export function on(name: AnchorName, of?: PhoneRef | CallRef, nth?: number): Anchor {
  return { on: name, ...(of === undefined ? {} : { of }), ...(nth === undefined ? {} : { nth }) };
}

export const start: Anchor = on("case.started");

export function step(after: AnchorExpression, action: Action, delayMs = 0): Step {
  return { after, delayMs, do: action };
}

export function places(call: CallRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "caller.call", call }, delayMs);
}

/** `form`: how a CANCEL says why, in the client role. */
export function callerHangsUp(call: CallRef, after: AnchorExpression, delayMs = 0, form?: CancelForm): Step {
  return step(after, { kind: "caller.hang-up", call, ...(form === undefined ? {} : { form }) }, delayMs);
}

/** The app runs because a push reached it, and registers (RFC 8599 4.1.3). */
export function wakes(phone: PhoneRef, delayMs = 50, after: AnchorExpression = on("push.delivered", phone)): Step {
  return step(after, { kind: "phone.wake", phone }, delayMs);
}

export function registersAgain(phone: PhoneRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "phone.register", phone }, delayMs);
}

export function logsOut(phone: PhoneRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.log-out", phone }, delayMs);
}

export function rotatesToken(phone: PhoneRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.rotate-token", phone }, delayMs);
}

/** Reachable again once it wakes. */
export function losesNetwork(phone: PhoneRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.lose-network", phone }, delayMs);
}

/** The app is gone and its signalling closed: from here on only a push wakes the phone. */
export function fallsAsleep(phone: PhoneRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "phone.kill-app", phone }, delayMs);
}

/** By default once the phone rings: its 180 has left. */
export function answers(
  phone: PhoneRef,
  call: CallRef,
  delayMs = 100,
  after: AnchorExpression = on("sent.180", phone),
): Step {
  return step(after, { kind: "user.answer", phone, call }, delayMs);
}

/** By default once the phone rings: its 180 has left. */
export function declines(
  phone: PhoneRef,
  call: CallRef,
  status: 480 | 486 | 603 = 486,
  delayMs = 100,
  after: AnchorExpression = on("sent.180", phone),
): Step {
  return step(after, { kind: "user.decline", phone, call, status }, delayMs);
}

/** By default a moment after the caller was connected. */
export function phoneHangsUp(
  phone: PhoneRef,
  call: CallRef,
  delayMs = 150,
  after: AnchorExpression = on("call.answered", call),
): Step {
  return step(after, { kind: "user.hang-up", phone, call }, delayMs);
}

export function loses(match: MessageMatch, after: AnchorExpression = start, count = 1): Step {
  return step(after, { kind: "wire.lose", match, count });
}

export function duplicates(match: MessageMatch, after: AnchorExpression = start, count = 1): Step {
  return step(after, { kind: "wire.duplicate", match, count });
}

/** Accepted at once and delivered `delayMs` later, `copies` times. */
export function deliveredAfter(delayMs: number, copies: 1 | 2 = 1): PushHandling {
  return { answer: { kind: "accept" }, answerDelayMs: 0, delivery: { kind: "deliver", delayMs, copies } };
}

/** What the push service does with every push a plan says nothing about. */
export const deliveredAtOnce: PushHandling = deliveredAfter(0);

/** Accepted, and never seen again. */
export const dropped: PushHandling = { answer: { kind: "accept" }, answerDelayMs: 0, delivery: { kind: "drop" } };

/** Accepted and delivered, but the answer is held back. */
export function acceptedAfter(answerDelayMs: number): PushHandling {
  return { answer: { kind: "accept" }, answerDelayMs, delivery: { kind: "deliver", delayMs: 0, copies: 1 } };
}

/** `reason` is APNs' reason or FCM's error code; `retryAfterS` goes with FCM alone. */
export function refused(status: number, reason: string, retryAfterS?: number): PushHandling {
  const retry = retryAfterS === undefined ? {} : { retryAfterS };
  return { answer: { kind: "status", status, reason, ...retry }, answerDelayMs: 0, delivery: { kind: "drop" } };
}

/** APNs' 410, whose timestamp lies before or after the phone's newest registration. */
export function unregistered(when: "before-registration" | "after-registration"): PushHandling {
  return {
    answer: { kind: "status", status: 410, reason: "Unregistered", unregistered: when },
    answerDelayMs: 0,
    delivery: { kind: "drop" },
  };
}

/** The stream is reset: no answer at all. */
export const streamReset: PushHandling = { answer: { kind: "reset" }, answerDelayMs: 0, delivery: { kind: "drop" } };

/** Client role from here on. What of a push differs from a whole one, or of its priority from high. */
export interface PushSpecials {
  readonly form?: PushForm;
  readonly priority?: "high" | "normal";
}

/** The push service sends the phone a push for the call. */
export function pushes(
  phone: PhoneRef,
  call: CallRef,
  after: AnchorExpression = start,
  delayMs = 0,
  specials: PushSpecials = {},
): Step {
  return step(after, { kind: "push.send", phone, call, ...specials }, delayMs);
}

/** The INVITE of the call a second time, on a branch of its own. */
export function forks(call: CallRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "caller.fork", call }, delayMs);
}

/** A re-INVITE of the caller's: with `hold` its media is held, without renewed. */
export function reinvites(call: CallRef, hold: boolean, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "caller.reinvite", call, hold }, delayMs);
}

export function asksOptions(call: CallRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "caller.options", call }, delayMs);
}

/** What the registrar does with the phone's REGISTERs from now on. */
export function registrar(
  phone: PhoneRef,
  answer: RegistrarAnswer,
  after: AnchorExpression = start,
  delayMs = 0,
): Step {
  return step(after, { kind: "registrar.answer", phone, answer }, delayMs);
}

/** The user opens the app. */
export function opensApp(phone: PhoneRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "phone.wake", phone }, delayMs);
}

export function goesToBackground(phone: PhoneRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.background", phone }, delayMs);
}

export function isSuspended(phone: PhoneRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.suspend", phone }, delayMs);
}

export function logsIn(phone: PhoneRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "phone.log-in", phone }, delayMs);
}

export function regainsNetwork(phone: PhoneRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "phone.regain-network", phone }, delayMs);
}

/** From Wi-Fi to cellular or back. */
export function changesNetwork(phone: PhoneRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.change-network", phone }, delayMs);
}

export function losesToken(phone: PhoneRef, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.invalidate-token", phone }, delayMs);
}

export function resetsProvider(phone: PhoneRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "phone.reset-provider", phone }, delayMs);
}

/** The user swipes the app away. */
export function swipesAway(phone: PhoneRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "phone.remove-task", phone }, delayMs);
}

export function changes(phone: PhoneRef, settings: PhoneSettings, after: AnchorExpression = start, delayMs = 0): Step {
  return step(after, { kind: "phone.change", phone, settings }, delayMs);
}

/** What becomes of a call that is going on (iOS), and how the user does it (Android). */
export interface AnswerSpecials {
  readonly others?: "end" | "hold";
  readonly through?: "notification" | "telecom";
}

/** By default a moment after the phone showed its ringing. */
export function userAnswers(
  phone: PhoneRef,
  call: CallRef,
  delayMs = 100,
  after: AnchorExpression = on("ringing.shown", phone),
  specials: AnswerSpecials = {},
): Step {
  return step(after, { kind: "user.answer", phone, call, ...specials }, delayMs);
}

/** By default a moment after the phone showed its ringing. */
export function userDeclines(
  phone: PhoneRef,
  call: CallRef,
  delayMs = 100,
  after: AnchorExpression = on("ringing.shown", phone),
  through?: "notification" | "telecom",
): Step {
  return step(after, { kind: "user.decline", phone, call, ...(through === undefined ? {} : { through }) }, delayMs);
}

export function userHolds(phone: PhoneRef, call: CallRef, onHold: boolean, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "user.hold", phone, call, onHold }, delayMs);
}
