import { describe, expect, test } from "vitest";
import type { Verdict } from "../../../harness/judge/requirement.ts";
import { worstOf } from "./worst-of.ts";

const pass = (seq: number, actualMs: number): Verdict => ({
  kind: "pass",
  evidence: [seq],
  margins: [{ what: "it", limitMs: 100, actualMs }],
});
const unsure: Verdict = { kind: "inconclusive", why: "busy" };
const fail: Verdict = { kind: "fail", mismatch: "m", basis: "content", expected: "", actual: "", evidence: [3] };

describe("worstOf", () => {
  test("puts a fail above all and an inconclusive above a pass", () => {
    expect(worstOf([pass(1, 5), unsure, fail])).toBe(fail);
    expect(worstOf([pass(1, 5), unsure])).toBe(unsure);
  });

  test("passes with all the evidence and the tightest margin", () => {
    expect(worstOf([pass(1, 5), pass(2, 90), pass(3, 7)])).toEqual({
      kind: "pass",
      evidence: [1, 2, 3],
      margins: [{ what: "it", limitMs: 100, actualMs: 90 }],
    });
  });

  test("says not exercised for no occasion", () => {
    expect(worstOf([])).toEqual({ kind: "not-exercised" });
  });
});
