import * as fc from "fast-check";
import { callerHangsUp, on, phoneHangsUp, userAnswers, userDeclines } from "../../../harness/plan/plan-parts.ts";
import type { AnchorExpression, CancelForm } from "../../../harness/plan/plan.ts";
import type { CallRef, PhoneRef } from "../../../harness/trace/trace-event.ts";
import type { Anchors, Steps } from "../call-courses.ts";
import { instantOrPause, momentAfter, pause } from "../moments.ts";

const forms: fc.Arbitrary<CancelForm | undefined> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<CancelForm>("answered-elsewhere", "completed-elsewhere", "declined-elsewhere"),
  },
);

/** The caller gives up, and may say why. */
export function isCancelled(call: CallRef, anchors: Anchors, delay: fc.Arbitrary<number> = instantOrPause): Steps {
  return fc
    .tuple(forms, momentAfter(anchors, delay))
    .map(([form, { after, delayMs }]) => [callerHangsUp(call, after, delayMs, form)]);
}

/** The user answers, and one side or both hang up once the caller is connected. */
export function isTakenByUser(
  phone: PhoneRef,
  call: CallRef,
  anchors: Anchors,
  delay: fc.Arbitrary<number> = pause,
): Steps {
  const connected = on("call.answered", call);
  const ending: Steps = fc.oneof(
    { withCrossShrink: true },
    instantOrPause.map((delayMs) => [callerHangsUp(call, connected, delayMs)]),
    pause.map((delayMs) => [phoneHangsUp(phone, call, delayMs)]),
    pause.map((delayMs) => [phoneHangsUp(phone, call, delayMs), callerHangsUp(call, on("user.hung-up", phone))]),
  );
  return fc
    .tuple(ending, momentAfter(anchors, delay))
    .map(([last, { after, delayMs }]) => [userAnswers(phone, call, delayMs, after), ...last]);
}

export function isDeclinedByUser(
  phone: PhoneRef,
  call: CallRef,
  anchors: Anchors,
  delay: fc.Arbitrary<number> = pause,
): Steps {
  return momentAfter(anchors, delay).map(({ after, delayMs }) => [userDeclines(phone, call, delayMs, after)]);
}

/** Rings, and then: given up, declined or answered. */
export function ringsOnPhone(phone: PhoneRef, call: CallRef, ringing: AnchorExpression): Steps {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: isCancelled(call, [ringing], pause) },
    { weight: 2, arbitrary: isDeclinedByUser(phone, call, [ringing]) },
    { weight: 3, arbitrary: isTakenByUser(phone, call, [ringing]) },
  );
}
