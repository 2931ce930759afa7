import * as fc from "fast-check";
import { deliveredAfter, deliveredAtOnce, dropped } from "../../harness/plan/plan-parts.ts";
import type { PushHandling } from "../../harness/plan/plan.ts";
import { pause } from "./moments.ts";
import { olderUnregistered, refusals, type AnyHandling } from "./refusals.ts";

const answerDelayMs = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: pause });

/** Accepted, sooner or later delivered, now and then twice. */
export const accepting: fc.Arbitrary<PushHandling> = fc
  .record({
    copies: fc.constantFrom(1 as const, 1 as const, 2 as const),
    deliveryDelayMs: fc.oneof(fc.constant(0), pause),
    answerDelayMs,
  })
  .map(({ copies, deliveryDelayMs, answerDelayMs }) => ({ ...deliveredAfter(deliveryDelayMs, copies), answerDelayMs }));

/** Answered with a status the vendor documents, or not at all. */
export const refusing: fc.Arbitrary<AnyHandling> = fc
  .record({
    answerDelayMs,
    handling: fc.constantFrom(
      refusals.unregistered,
      { ios: olderUnregistered, android: refusals.unregistered.android },
      refusals.tooMany,
      refusals.internal,
      refusals.unavailable,
      refusals.shutdown,
      refusals.reset,
    ),
  })
  .map(({ answerDelayMs, handling: { ios, android } }) => ({
    ios: { ...ios, answerDelayMs },
    android: { ...android, answerDelayMs },
  }));

/** What the push service does with the pushes of a phone that shall wake in the end: late, twice, in any order. */
export const lateDeliveries: fc.Arbitrary<readonly AnyHandling[]> = fc.array(accepting, { maxLength: 2 });

/** The same, with refusals and losses among them. */
export const anyHandlings: fc.Arbitrary<readonly AnyHandling[]> = fc.array(
  fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant<AnyHandling>(deliveredAtOnce) },
    { weight: 3, arbitrary: accepting },
    { weight: 3, arbitrary: refusing },
    { weight: 1, arbitrary: fc.constant(dropped) },
  ),
  { maxLength: 3 },
);
