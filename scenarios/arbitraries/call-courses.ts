import * as fc from "fast-check";
import { answers, callerHangsUp, declines, on, phoneHangsUp } from "../../harness/plan/plan-parts.ts";
import type { AnchorExpression, Step } from "../../harness/plan/plan.ts";
import type { CallRef, PhoneRef } from "../../harness/trace/trace-event.ts";
import { instantOrPause, momentAfter, pause } from "./moments.ts";

/** A few steps that belong together. */
export type Steps = fc.Arbitrary<readonly Step[]>;

/** When a user or caller may act: shrinks to the first. */
export type Anchors = readonly [AnchorExpression, ...AnchorExpression[]];

/** One after the other; the parts named first are the first to be dropped in shrinking. */
export function together(...parts: readonly Steps[]): Steps {
  return fc.tuple(...parts).map((steps) => steps.flat());
}

/** The caller gives up. */
export function givesUp(call: CallRef, anchors: Anchors, delay: fc.Arbitrary<number> = instantOrPause): Steps {
  return momentAfter(anchors, delay).map(({ after, delayMs }) => [callerHangsUp(call, after, delayMs)]);
}

/** The user answers, and one side or both hang up once the caller is connected. */
export function isAnswered(phone: PhoneRef, call: CallRef, anchors: Anchors, delay = instantOrPause): Steps {
  const connected = on("call.answered", call);
  const ending: Steps = fc.oneof(
    { withCrossShrink: true },
    instantOrPause.map((delayMs) => [callerHangsUp(call, connected, delayMs)]),
    pause.map((delayMs) => [phoneHangsUp(phone, call, delayMs)]),
    pause.map((delayMs) => [
      callerHangsUp(call, connected, delayMs),
      phoneHangsUp(phone, call, 0, on("call.hung-up", call)),
    ]),
    pause.map((delayMs) => [phoneHangsUp(phone, call, delayMs), callerHangsUp(call, connected, delayMs)]),
  );
  return fc
    .tuple(ending, momentAfter(anchors, delay))
    .map(([last, { after, delayMs }]) => [answers(phone, call, delayMs, after), ...last]);
}

export function isDeclined(phone: PhoneRef, call: CallRef, anchors: Anchors, delay = instantOrPause): Steps {
  return fc
    .tuple(momentAfter(anchors, delay), fc.constantFrom(486, 603, 480))
    .map(([{ after, delayMs }, status]) => [declines(phone, call, status, delayMs, after)]);
}

/** Rings, and then: given up, declined or answered. */
export function ringsAndEnds(phone: PhoneRef, call: CallRef, ringing: AnchorExpression = on("sent.180", phone)): Steps {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: givesUp(call, [ringing], pause) },
    { weight: 2, arbitrary: isDeclined(phone, call, [ringing]) },
    { weight: 3, arbitrary: isAnswered(phone, call, [ringing]) },
  );
}
