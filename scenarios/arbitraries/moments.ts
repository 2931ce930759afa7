import * as fc from "fast-check";
import type { Anchor, AnchorExpression } from "../../harness/plan/plan.ts";

/** When a step happens. */
export interface Moment {
  readonly after: AnchorExpression;
  readonly delayMs: number;
}

/** At once, within the same round trip, and after one, in milliseconds: where orders flip on a local network. */
export const instantsMs = [0, 5, 20, 50] as const;
/** As people and sleeping phones take their time. */
export const pausesMs = [50, 100, 200, 400, 800] as const;

export const instant: fc.Arbitrary<number> = fc.constantFrom(...instantsMs);
export const pause: fc.Arbitrary<number> = fc.constantFrom(...pausesMs);
export const instantOrPause: fc.Arbitrary<number> = fc.constantFrom(...new Set([...instantsMs, ...pausesMs]));

/** One of the anchors, and how long after it. Shrinks to the first anchor, and to at once. */
export function momentAfter(
  anchors: readonly [Anchor | AnchorExpression, ...AnchorExpression[]],
  delay: fc.Arbitrary<number> = instantOrPause,
): fc.Arbitrary<Moment> {
  return fc.record({ after: fc.constantFrom(...anchors), delayMs: delay });
}
