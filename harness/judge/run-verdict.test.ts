import { describe, expect, test } from "vitest";
import type { CaseResult, ExpectedFailure, RunResult } from "../run/run-result.ts";
import { fakePlan, fakeRequirement } from "../run/testing/fake-world.ts";
import { testFacts } from "../run/testing/test-facts.ts";
import { exitCodeOf, exitCodeOfError, worstExitCode } from "./exit-code.ts";
import { concludeRun, type RunVerdict } from "./run-verdict.ts";
import type { RequirementId, Verdict } from "./requirement.ts";

const must = fakeRequirement("flow/must");
const other = fakeRequirement("flow/other");
const should = fakeRequirement("flow/should", { level: "should" });
const inapplicable = fakeRequirement("flow/inapplicable", { applies: () => "no video is declared" });
const ofRun = fakeRequirement("flow/run", { scope: "run" });
const requirements = [must, other, should, inapplicable, ofRun];
const scenarios = [
  { id: "one", exercises: ["flow/must", "flow/should"] },
  { id: "two", exercises: ["flow/other"] },
];

type Short = "pass" | "inconclusive" | "not-exercised" | `fail:${string}`;

function verdict(short: Short): Verdict {
  if (short === "pass") return { kind: "pass", evidence: [] };
  if (short === "inconclusive") return { kind: "inconclusive", why: "too slow" };
  if (short === "not-exercised") return { kind: "not-exercised" };
  return { kind: "fail", mismatch: short.slice(5), basis: "content", expected: "a", actual: "b", evidence: [0] };
}

function caseOf(index: number, verdicts: Readonly<Record<string, Short>>, scenario = "one"): CaseResult {
  return {
    id: `${scenario}-${index}`,
    scenario,
    source: "generated",
    index,
    plan: fakePlan(scenario, []),
    verdicts: Object.fromEntries(Object.entries(verdicts).map(([id, short]) => [id, verdict(short)])),
    end: { kind: "finished", atMs: 1, absenceFromMs: 0 },
    durationMs: 1,
  };
}

const GREEN = { "flow/must": "pass", "flow/other": "pass", "flow/should": "pass" } as const;

function resultOf(cases: readonly Readonly<Record<string, Short>>[], rest: Partial<RunResult> = {}): RunResult {
  return {
    facts: testFacts,
    seed: 1,
    runs: 1,
    startedAt: "2026-11-20T12:00:00.000Z",
    durationMs: 1,
    partial: false,
    strict: false,
    selected: { scenarios: ["one", "two"], requirements: requirements.map(({ id }) => id) },
    cases: cases.map((verdicts, index) => caseOf(index, verdicts)),
    runScope: {},
    counterexamples: [],
    expectedFailures: [],
    harness: { host: { platform: "linux", node: "v20", cpus: 1 }, worstEventLoopDelayMs: 0, margins: {} },
    ended: "complete",
    ...rest,
  };
}

const conclude = (result: RunResult): ReturnType<typeof concludeRun> => concludeRun(result, requirements, scenarios);
const waiver = (rest: Partial<ExpectedFailure> = {}): ExpectedFailure => ({
  requirement: "flow/must",
  reason: "ACME-12",
  ...rest,
});
const FAILED = { ...GREEN, "flow/must": "fail:late" } as const;

describe("the verdict of a run", () => {
  test.each<[string, RunResult, RunVerdict, number]>([
    ["every must passes", resultOf([GREEN]), "pass", 0],
    ["a must fails", resultOf([GREEN, FAILED]), "fail", 1],
    [
      "a must of the run's own trace fails",
      resultOf([GREEN], { runScope: { "flow/run": verdict("fail:x") } }),
      "fail",
      1,
    ],
    ["a should fails", resultOf([{ ...GREEN, "flow/should": "fail:x" }]), "pass", 0],
    [
      "a should fails and the run is strict",
      resultOf([{ ...GREEN, "flow/should": "fail:x" }], { strict: true }),
      "fail",
      1,
    ],
    [
      "a should is inconclusive and the run is strict",
      resultOf([{ ...GREEN, "flow/should": "inconclusive" }], { strict: true }),
      "pass",
      0,
    ],
    ["a must is inconclusive", resultOf([{ ...GREEN, "flow/must": "inconclusive" }]), "inconclusive", 2],
    [
      "a must is inconclusive once and passes once",
      resultOf([GREEN, { ...GREEN, "flow/must": "inconclusive" }]),
      "pass",
      0,
    ],
    [
      "a must that could be exercised was not",
      resultOf([{ ...GREEN, "flow/must": "not-exercised" }]),
      "inconclusive",
      2,
    ],
    [
      "a must that only other scenarios exercise was not",
      resultOf([{ ...GREEN, "flow/other": "not-exercised" }], {
        selected: { scenarios: ["one"], requirements: ["flow/must", "flow/other"] },
        partial: true,
      }),
      "pass",
      0,
    ],
    ["a must fails and another is inconclusive", resultOf([{ ...FAILED, "flow/other": "inconclusive" }]), "fail", 1],
    ["only expected ones fail", resultOf([FAILED], { expectedFailures: [waiver()] }), "pass-with-waivers", 0],
    [
      "only expected ones fail and a must is inconclusive",
      resultOf([{ ...FAILED, "flow/other": "inconclusive" }], { expectedFailures: [waiver()] }),
      "inconclusive",
      2,
    ],
    [
      "an expected failure expired",
      resultOf([FAILED], { expectedFailures: [waiver({ expires: "2026-11-19" })] }),
      "fail",
      1,
    ],
    [
      "an expected failure expires today",
      resultOf([FAILED], { expectedFailures: [waiver({ expires: "2026-11-20" })] }),
      "pass-with-waivers",
      0,
    ],
    [
      "an expired expected failure did not even happen",
      resultOf([GREEN], { expectedFailures: [waiver({ expires: "2026-11-19" })] }),
      "fail",
      1,
    ],
    ["an expected failure did not happen", resultOf([GREEN], { expectedFailures: [waiver()] }), "fail", 1],
    [
      "an expected failure is of an unknown requirement",
      resultOf([GREEN], { expectedFailures: [waiver({ requirement: "flow/gone" })] }),
      "fail",
      1,
    ],
    [
      "what was expected to fail was too slow to tell",
      resultOf([{ ...GREEN, "flow/must": "inconclusive" }], { expectedFailures: [waiver()] }),
      "inconclusive",
      2,
    ],
    [
      "part of the suite did not show an expected failure it did not exercise",
      resultOf([{ "flow/other": "pass" }], {
        partial: true,
        selected: { scenarios: ["two"], requirements: ["flow/other"] },
        expectedFailures: [waiver()],
      }),
      "pass",
      0,
    ],
    ["the run was interrupted", resultOf([GREEN], { ended: "interrupted" }), "inconclusive", 2],
    ["the run was interrupted after a must failed", resultOf([FAILED], { ended: "interrupted" }), "fail", 1],
    ["the run ended with an error", resultOf([FAILED], { ended: "error", error: "a judge threw" }), "error", 4],
    ["nothing was played", resultOf([]), "inconclusive", 2],
    ["nothing was exercised", resultOf([{}], { selected: { scenarios: [], requirements: [] } }), "inconclusive", 2],
  ])("when %s", (_, result, expected, exitCode) => {
    const { verdict: concluded, reasons } = conclude(result);
    expect(concluded).toBe(expected);
    expect(exitCodeOf(concluded)).toBe(exitCode);
    expect(reasons.length > 0).toBe(expected !== "pass");
  });

  test.each<[string, Partial<ExpectedFailure>, RunVerdict]>([
    ["the same mismatch", { mismatch: "late" }, "pass-with-waivers"],
    ["another mismatch", { mismatch: "never" }, "fail"],
    ["the same scenario", { scenario: "one" }, "pass-with-waivers"],
    ["another scenario", { scenario: "two" }, "fail"],
    ["the same platform", { platform: "ios" }, "pass-with-waivers"],
    ["another platform", { platform: "android" }, "fail"],
    ["the same transport", { transport: "udp" }, "pass-with-waivers"],
    ["another transport", { transport: "tcp" }, "fail"],
    ["another requirement", { requirement: "flow/other" }, "fail"],
  ])("takes a fail for expected by an entry with %s accordingly", (_, narrowed, expected) => {
    expect(conclude(resultOf([FAILED], { expectedFailures: [waiver(narrowed)] })).verdict).toBe(expected);
  });

  test("is fail when an expected failure covers only some of the fails", () => {
    const result = resultOf([FAILED, { ...GREEN, "flow/must": "fail:never" }], {
      expectedFailures: [waiver({ mismatch: "late" })],
    });
    expect(conclude(result).verdict).toBe("fail");
  });

  test("names its reasons and warnings", () => {
    const { reasons, warnings } = conclude(
      resultOf([{ ...FAILED, "flow/other": "not-exercised", "flow/should": "fail:x" }], {
        expectedFailures: [waiver({ requirement: "flow/should" }), waiver({ requirement: "flow/run" })],
      }),
    );
    expect(reasons).toEqual([
      "flow/must failed: late",
      "the expected failure of flow/run (ACME-12) did not happen: take it away",
      "flow/other was not exercised",
    ]);
    expect(warnings).toEqual([]);
    expect(conclude(resultOf([{ ...GREEN, "flow/should": "fail:x" }])).warnings).toEqual(["flow/should failed: x"]);
  });
});

describe("the outcome of a requirement", () => {
  const outcome = (result: RunResult, id: RequirementId): unknown => {
    const { requirement: _, ...rest } = conclude(result).outcomes.find(({ requirement }) => requirement.id === id) ?? {
      requirement: must,
    };
    return rest;
  };

  test("counts its cases and names the ones that failed", () => {
    const result = resultOf(
      [
        GREEN,
        FAILED,
        { ...GREEN, "flow/must": "fail:never" },
        { ...GREEN, "flow/must": "inconclusive" },
        { ...GREEN, "flow/must": "not-exercised" },
      ],
      { expectedFailures: [waiver({ mismatch: "late" })] },
    );
    expect(outcome(result, "flow/must")).toEqual({
      verdict: "fail",
      reason: "late, never",
      exercised: 4,
      passed: 1,
      failed: 2,
      waived: 1,
      inconclusive: 1,
      cases: ["one-1", "one-2"],
    });
  });

  test("says why a requirement does not apply, and lists none of the other role", () => {
    const { outcomes } = concludeRun(
      resultOf([GREEN]),
      [...requirements, fakeRequirement("flow/client", { role: "client" })],
      scenarios,
    );
    expect(outcomes.map(({ requirement }) => requirement.id)).toEqual(requirements.map(({ id }) => id));
    expect(outcomes.find(({ requirement }) => requirement === inapplicable)).toMatchObject({
      verdict: "not-applicable",
      reason: "no video is declared",
    });
  });
});

describe("exit codes", () => {
  test("tell whose fault an error is", () => {
    expect([
      exitCodeOfError({ fault: "user" }),
      exitCodeOfError({ fault: "target" }),
      exitCodeOfError({ fault: "harness" }),
    ]).toEqual([3, 4, 4]);
  });

  test("of several targets come to the worst, and of none to no success", () => {
    expect(worstExitCode([0, 2, 1])).toBe(1);
    expect(worstExitCode([0, 2])).toBe(2);
    expect(worstExitCode([1, 3])).toBe(3);
    expect(worstExitCode([3, 4, 0])).toBe(4);
    expect(worstExitCode([0, 0])).toBe(0);
    expect(worstExitCode([])).toBe(2);
  });
});
