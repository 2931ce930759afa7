import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { reducible } from "./reducible.ts";
import { shrink, type Outcome, type ShrinkOptions } from "./shrink.ts";
import { surveyPlans } from "./survey-plans.ts";

const arbitrary = fc.array(fc.nat(50), { maxLength: 12 });
const isBig = (value: readonly number[]): boolean => value.some((n) => n >= 17);
const judge = async (value: readonly number[]): Promise<Outcome> => (isBig(value) ? "fails" : "passes");

/** The first value of a survey that fails, as the start of a shrink. */
function failingStart(
  seed: number,
): Pick<ShrinkOptions<number[]>, "arbitrary" | "seed" | "path" | "failing" | "signal"> {
  const found = surveyPlans({ witnesses: [], arbitrary, runs: 100, seed }).find(({ value }) => isBig(value));
  return {
    arbitrary,
    seed,
    path: found?.path ?? "",
    failing: found?.value ?? [],
    signal: new AbortController().signal,
  };
}

describe("a shrink", () => {
  test("finds the same value and path as plain fast-check, which can be replayed from them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const start = failingStart(seed);
        const shrunk = await shrink({ ...start, predicate: judge });
        const property = fc.asyncProperty(arbitrary, async (value) => !isBig(value));
        const plain = await fc.check(property, { seed, path: start.path, numRuns: 1 });
        expect([shrunk.value, shrunk.path]).toEqual([plain.counterexample?.[0], plain.counterexamplePath]);
        expect(shrunk).toMatchObject({ value: [17], minimal: true });
        const replayed = await fc.check(property, { seed, path: shrunk.path, endOnFailure: true });
        expect(replayed.counterexample).toEqual([[17]]);
      }),
      { numRuns: 20 },
    );
  });

  test("neither tries the known failure again nor any value twice", async () => {
    const tried: string[] = [];
    const start = failingStart(3);
    await shrink({
      ...start,
      predicate: async (value) => {
        tried.push(JSON.stringify(value));
        return await judge(value);
      },
    });
    expect(tried.length).toBeGreaterThan(0);
    expect(new Set(tried).size).toBe(tried.length);
    expect(tried).not.toContain(JSON.stringify(start.failing));
  });

  test("tries an inconclusive value up to three times, and then takes it for passing", async () => {
    const tries = new Map<string, number>();
    const shrunk = await shrink({
      ...failingStart(3),
      predicate: async (value) => {
        const key = JSON.stringify(value);
        tries.set(key, (tries.get(key) ?? 0) + 1);
        if (value.length === 0) return "inconclusive";
        return (tries.get(key) ?? 0) < 3 ? "inconclusive" : await judge(value);
      },
    });
    expect(shrunk.value).toEqual([17]);
    expect(Math.max(...tries.values())).toBe(3);
  });

  test("whose time is up gives the smallest failing value so far", async () => {
    const abort = new AbortController();
    let plays = 0;
    const start = failingStart(3);
    const shrunk = await shrink({
      ...start,
      signal: abort.signal,
      predicate: async (value) => {
        plays += 1;
        if (plays === 2) abort.abort();
        return await judge(value);
      },
    });
    expect(plays).toBe(2);
    expect(shrunk.minimal).toBe(false);
    expect(isBig(shrunk.value)).toBe(true);
  });

  test("passes on what the predicate throws, and tries nothing after it", async () => {
    let plays = 0;
    const failing = shrink({
      ...failingStart(3),
      predicate: async () => {
        plays += 1;
        throw new RangeError("harness");
      },
    });
    await expect(failing).rejects.toThrow("harness");
    expect(plays).toBe(1);
  });

  test("goes through the given runner", async () => {
    const asked: unknown[] = [];
    await shrink({
      ...failingStart(3),
      predicate: judge,
      check: async (property, parameters) => {
        asked.push(parameters.seed);
        return await fc.check(property, parameters);
      },
    });
    expect(asked).toEqual([3]);
  });
});

describe("a hand-picked value", () => {
  const shorter = (value: readonly number[]): number[][] => value.map((_, index) => value.toSpliced(index, 1));

  test("shrinks by its reductions alone", async () => {
    const value = [1, 20, 3, 40];
    const signal = new AbortController().signal;
    const shrunk = await shrink<number[]>({
      arbitrary: reducible(value, shorter),
      seed: 1,
      path: "0",
      failing: value,
      predicate: judge,
      signal,
    });
    expect(shrunk.value).toEqual([40]);
    const replayed = fc.sample(reducible(value, shorter), { seed: 1, path: shrunk.path, numRuns: 1 });
    expect(replayed).toEqual([[40]]);
  });
});
