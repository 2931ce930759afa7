import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { surveyPlans } from "./survey-plans.ts";

const arbitrary = fc.array(fc.nat(20));

describe("a survey", () => {
  test("tries the witnesses first, then as many generated values as asked for", () => {
    const surveyed = surveyPlans({ witnesses: [[99], [98]], arbitrary, runs: 3, seed: 1 });
    expect(surveyed.map(({ source, index }) => [source, index])).toEqual([
      ["witness", 0],
      ["witness", 1],
      ["generated", 2],
      ["generated", 3],
      ["generated", 4],
    ]);
    expect(surveyed.slice(0, 2).map(({ value }) => value)).toEqual([[99], [98]]);
    expect(surveyPlans({ witnesses: [], arbitrary, runs: 0, seed: 1 })).toEqual([]);
  });

  test("is the same for the same seed, and more runs only add to it", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(30), fc.nat(30), (seed, runs, more) => {
        const few = surveyPlans({ witnesses: [], arbitrary, runs, seed });
        const many = surveyPlans({ witnesses: [], arbitrary, runs: runs + more, seed });
        expect(many.slice(0, runs)).toEqual(few);
      }),
    );
  });

  test("says for every generated value where fast-check finds it again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        for (const { value, path } of surveyPlans({ witnesses: [[1]], arbitrary, runs: 5, seed }).slice(1)) {
          const { counterexample } = await fc.check(
            fc.asyncProperty(arbitrary, async () => false),
            { seed, path, endOnFailure: true },
          );
          expect(counterexample).toEqual([value]);
        }
      }),
    );
  });
});
