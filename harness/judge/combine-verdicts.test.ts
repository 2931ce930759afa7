import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { combineVerdicts } from "./combine-verdicts.ts";
import type { Verdict } from "./requirement.ts";

type Kind = Verdict["kind"];

describe("one requirement over the cases of a run", () => {
  test.each<[Kind, Kind, Kind]>([
    ["fail", "fail", "fail"],
    ["fail", "pass", "fail"],
    ["fail", "inconclusive", "fail"],
    ["fail", "not-exercised", "fail"],
    ["pass", "pass", "pass"],
    ["pass", "inconclusive", "pass"],
    ["pass", "not-exercised", "pass"],
    ["inconclusive", "inconclusive", "inconclusive"],
    ["inconclusive", "not-exercised", "inconclusive"],
    ["not-exercised", "not-exercised", "not-exercised"],
  ])("%s and %s come to %s", (a, b, combined) => {
    expect(combineVerdicts([a, b])).toBe(combined);
    expect(combineVerdicts([b, a])).toBe(combined);
  });

  test("without any case it was not exercised", () => {
    expect(combineVerdicts([])).toBe("not-exercised");
  });

  test("neither order nor grouping nor repetition matters", () => {
    const kinds = fc.array(fc.constantFrom<Kind>("fail", "pass", "inconclusive", "not-exercised"));
    fc.assert(
      fc.property(kinds, kinds, (some, others) => {
        const whole = combineVerdicts([...some, ...others]);
        expect(combineVerdicts([...others, ...some, ...others])).toBe(whole);
        expect(combineVerdicts([combineVerdicts(some), combineVerdicts(others)])).toBe(whole);
      }),
    );
  });
});
