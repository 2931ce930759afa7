import * as fc from "fast-check";
import { expect, test } from "vitest";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import { overdueLook, overdueWatch, type Timed } from "./overdue.ts";

const LIMIT_MS = 10;
/** Milliseconds that pass, then: which thing begins or ends. */
const acts = fc.array(fc.tuple(fc.nat(12), fc.nat(3), fc.boolean()), { maxLength: 30 });

test("what is looked for is overdue at the same moments as what is watched", () => {
  fc.assert(
    fc.property(acts, (given) => {
      const clock = manualClock(0);
      const [watched, looked]: [string[], string[]] = [[], []];
      const things: (Timed & { readonly id: number })[] = [0, 1, 2, 3].map((id) => ({ id, sinceMs: undefined }));
      const watch = overdueWatch<number>(LIMIT_MS, clock, (id) => watched.push(`${id} at ${clock.now()}`));
      const look = overdueLook(
        LIMIT_MS,
        clock,
        () => things,
        ({ id }) => looked.push(`${id} at ${clock.now()}`),
      );
      for (const [ms, id, begins] of given) {
        clock.advance(ms);
        things[id]!.sinceMs = begins ? clock.now() : undefined;
        if (begins) {
          watch.begin(id);
          look.begun();
        } else watch.end(id);
      }
      clock.advance(LIMIT_MS);
      expect(looked.toSorted()).toEqual(watched.toSorted());
      look.stop();
      watch.stop();
      expect(clock.pending()).toBe(0);
    }),
  );
});
