import * as fc from "fast-check";
import {
  deliveredAfter,
  deliveredAtOnce,
  dropped,
  refused,
  streamReset,
  unregistered,
} from "../../harness/plan/plan-parts.ts";
import type { PushHandling } from "../../harness/plan/plan.ts";
import { pause } from "./moments.ts";

/** Accepted, sooner or later delivered, now and then twice. */
export const accepting: fc.Arbitrary<PushHandling> = fc
  .record({
    copies: fc.constantFrom(1 as const, 1 as const, 2 as const),
    deliveryDelayMs: fc.oneof(fc.constant(0), pause),
    answerDelayMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: pause }),
  })
  .map(({ copies, deliveryDelayMs, answerDelayMs }) => ({ ...deliveredAfter(deliveryDelayMs, copies), answerDelayMs }));

/** Answered with a status the vendor documents, or not at all. */
export const refusing: fc.Arbitrary<PushHandling> = fc
  .record({
    answerDelayMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: pause }),
    handling: fc.constantFrom(
      unregistered("after-registration"),
      unregistered("before-registration"),
      refused(429, "TooManyRequests"),
      refused(500, "InternalServerError"),
      refused(503, "ServiceUnavailable"),
      refused(503, "Shutdown"),
      streamReset,
    ),
  })
  .map(({ answerDelayMs, handling }) => ({ ...handling, answerDelayMs }));

/** What the push service does with the pushes of a phone that shall wake in the end: late, twice, in any order. */
export const lateDeliveries: fc.Arbitrary<readonly PushHandling[]> = fc.array(accepting, { maxLength: 2 });

/** The same, with refusals and losses among them. */
export const anyHandlings: fc.Arbitrary<readonly PushHandling[]> = fc.array(
  fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant(deliveredAtOnce) },
    { weight: 3, arbitrary: accepting },
    { weight: 3, arbitrary: refusing },
    { weight: 1, arbitrary: fc.constant(dropped) },
  ),
  { maxLength: 3 },
);
