import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { sameHandle } from "../../../harness/judge/client-view-payload.ts";
import type { Call } from "../../../harness/plan/plan.ts";
import { person } from "../people.ts";
import { ofDifferentCallers } from "./client-draft.ts";

const call = (caller: Call["caller"]): Call => ({ caller, callee: 1, video: false });

describe("the callers of a plan", () => {
  test("are all different, however their numbers are spelled, and stay who they are where they were", () => {
    fc.assert(
      fc.property(fc.array(person, { maxLength: 3 }), (people) => {
        const numbers = ofDifferentCallers(people.map(call)).map(({ caller }) => caller.number);
        numbers.forEach((number, i) =>
          expect(numbers.slice(i + 1).some((other) => sameHandle(number, other))).toBe(false),
        );
        expect(numbers[0]).toBe(people[0]?.number);
      }),
      { numRuns: 50 },
    );
    const twice = ofDifferentCallers([
      call({ name: "A", number: "+15550101" }),
      call({ name: "B", number: "+1 555-0101" }),
    ]);
    expect(twice.map(({ caller }) => caller.number)).toEqual(["+15550101", "+15550102"]);
  });
});
