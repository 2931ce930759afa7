import type { CallRef, PhoneRef } from "../trace/trace-event.ts";
import type { Action, Anchor, AnchorExpression, AnchorName, MessageMatch, PushHandling, Step } from "./plan.ts";

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

export function callerHangsUp(call: CallRef, after: AnchorExpression, delayMs = 0): Step {
  return step(after, { kind: "caller.hang-up", call }, delayMs);
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
