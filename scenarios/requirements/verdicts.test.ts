import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Verdict } from "../../harness/judge/requirement.ts";
import { call, ladder } from "./flow/testing/ladder.ts";
import { conclude, fail, inconclusive, judgeDemand, notExercised, pass } from "./verdicts.ts";

const failed = fail({ mismatch: "m", basis: "content", expected: "e", actual: "a", evidence: [] });
const verdicts: readonly Verdict[] = [pass([]), failed, inconclusive("why"), notExercised];
const rank = ["fail", "inconclusive", "pass", "not-exercised"];

describe("conclude", () => {
  test("gives the gravest of its verdicts", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...verdicts)), (several) => {
        const gravest = rank.find((kind) => several.some((verdict) => verdict.kind === kind)) ?? "not-exercised";
        expect(conclude(several).kind).toBe(gravest);
      }),
    );
  });
});

describe("judgeDemand", () => {
  const demand = (afterMs: number | undefined, excusedMs: number | undefined, limitMs: number) => {
    const t = ladder({ registered: false });
    const from = t.callerInvites(call, { atMs: 1000 });
    const events = [
      { name: "met", atMs: afterMs },
      { name: "excuse", atMs: excusedMs },
    ]
      .filter(({ atMs }) => atMs !== undefined)
      .toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))
      .map(({ name, atMs }) => ({ name, event: t.callerGets(call, 180, { atMs: 1000 + (atMs ?? 0), toTag: name }) }));
    const find = (name: string) => events.find((event) => event.name === name)?.event;
    return judgeDemand(t.finished(), {
      what: "it",
      from,
      limitMs,
      met: find("met"),
      excuses: [find("excuse")],
      missing: "missing",
      late: "late",
      expected: "it",
    });
  };

  test("passes exactly what comes in time, fails what comes late, and excuses what was ended before", () => {
    const ms = fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: 1, max: 5000 }), (afterMs, excusedMs, limitMs) => {
        const verdict = demand(afterMs, excusedMs, limitMs);
        const isLate = afterMs === undefined || afterMs > limitMs;
        const isExcused = excusedMs !== undefined && excusedMs <= limitMs;
        const late = { kind: "fail", mismatch: afterMs === undefined ? "missing" : "late", basis: "deadline" };
        const missed = isExcused ? { kind: "not-exercised" } : late;
        expect(verdict).toMatchObject(isLate ? missed : { kind: "pass" });
      }),
    );
  });
});
