import { describe, expect, test } from "vitest";
import { gaps, matrixLines, type Kill, type KillMatrix } from "./kill-matrix.ts";

const kill: Kill = {
  requirement: "flow/no-push-when-connected",
  fault: "push-always",
  reference: "holding-proxy",
  expectedMismatch: "pushed-connected-phone",
  outcome: { kind: "killed" },
};
const whole: KillMatrix = {
  kills: [kill],
  conforming: [{ reference: "holding-proxy", failing: [], inconclusive: [], passed: [kill.requirement] }],
  lazy: [{ target: "silent", passed: [], cases: 102 }],
  unproved: [],
  durationMs: 54_000,
};

describe("the kill matrix", () => {
  test("has no gap when every fault is killed for its own reason and nobody else fails", () => {
    expect(gaps(whole)).toEqual([]);
    expect(matrixLines(whole).at(-1)).toBe("Proved: 1 faults killed, 54 s");
  });

  test.each<[string, Partial<KillMatrix>]>([
    ["does not fail it (pass)", { kills: [{ ...kill, outcome: { kind: "survived", verdict: "pass" } }] }],
    [
      "fails it as other, not as pushed-connected-phone",
      { kills: [{ ...kill, outcome: { kind: "wrong-reason", mismatch: "other" } }] },
    ],
    [
      "also fails a/b, which it does not declare",
      { kills: [{ ...kill, outcome: { kind: "undeclared", failing: ["a/b"] } }] },
    ],
    ["could not be played: no", { kills: [{ ...kill, outcome: { kind: "error", why: "no" } }] }],
    ["no fault breaks it", { unproved: ["flow/x"] }],
    ["draws a fail: flow/x", { conforming: [{ ...whole.conforming[0]!, failing: ["flow/x"] }] }],
    ["leaves undecided: flow/x", { conforming: [{ ...whole.conforming[0]!, inconclusive: ["flow/x"] }] }],
    ["earns a pass of flow/x", { lazy: [{ target: "silent", passed: ["flow/x"], cases: 1 }] }],
    ["was not played", { lazy: [{ target: "silent", passed: [], cases: 0 }] }],
  ])("has a gap: %s", (words, change) => {
    const [gap, ...more] = gaps({ ...whole, ...change });
    expect(gap).toContain(words);
    expect(more).toEqual([]);
  });
});
