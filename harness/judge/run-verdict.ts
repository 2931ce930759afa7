import type { ExpectedFailure, RunResult } from "../run/run-result.ts";
import { isExpected, isExpired } from "./expected-failure.ts";
import { requirementOutcomes, type RequirementOutcome } from "./requirement-outcome.ts";
import type { Requirement } from "./requirement.ts";

export type RunVerdict = "pass" | "pass-with-waivers" | "fail" | "inconclusive" | "error";

/** What became of one entry of `expectedFailures`. `unknown`: this run could not tell (not selected, or not decided). */
export interface ExpectedFailureState {
  readonly entry: ExpectedFailure;
  readonly state: "used" | "unused" | "expired" | "unknown";
}

export interface RunConclusion {
  readonly verdict: RunVerdict;
  /** Why it is not a plain pass, most weighty first. */
  readonly reasons: readonly string[];
  /** Requirements that fail without counting against the verdict: shoulds and mays of a run that is not strict. */
  readonly warnings: readonly string[];
  readonly outcomes: readonly RequirementOutcome[];
  readonly expectedFailures: readonly ExpectedFailureState[];
}

/**
 * What a run came to. Precedence: error, fail, inconclusive, pass-with-waivers, pass.
 *
 * @param requirements the catalogue; only what the result says was selected counts.
 * @param scenarios the catalogue's scenarios: what the selected ones can exercise and nothing exercised leaves the run inconclusive.
 */
export function concludeRun(
  result: RunResult,
  requirements: readonly Requirement[],
  scenarios: readonly { readonly id: string; readonly exercises: readonly string[] }[],
): RunConclusion {
  const outcomes = requirementOutcomes(result, requirements);
  const states = result.expectedFailures.map((entry) => ({ entry, state: stateOf(entry, result, outcomes) }));
  const counts = ({ requirement: { level } }: RequirementOutcome): boolean =>
    level === "must" || (level === "should" && result.strict);
  const failing = outcomes.filter((one) => one.failed > one.waived);
  const fails = [
    ...failing.filter(counts).map((one) => `${one.requirement.id} failed: ${one.reason}`),
    ...states
      .filter(({ state }) => state === "expired")
      .map(({ entry }) => `the expected failure of ${entry.requirement} (${entry.reason}) expired on ${entry.expires}`),
    ...states
      .filter(({ state }) => state === "unused")
      .map(
        ({ entry }) => `the expected failure of ${entry.requirement} (${entry.reason}) did not happen: take it away`,
      ),
  ];
  const exercisable = exercisableBy(result, scenarios);
  const open = [
    ...(result.ended === "interrupted" ? [result.error ?? "the run was interrupted"] : []),
    ...outcomes
      .filter(
        ({ requirement, verdict }) =>
          requirement.level === "must" &&
          exercisable.has(requirement.id) &&
          (verdict === "inconclusive" || verdict === "not-exercised"),
      )
      .map(({ requirement, verdict, reason }) =>
        verdict === "inconclusive"
          ? `${requirement.id} is inconclusive: ${reason}`
          : `${requirement.id} was not exercised`,
      ),
    ...(outcomes.some(({ exercised }) => exercised > 0) ? [] : ["nothing was exercised"]),
  ];
  const waived = outcomes
    .filter((one) => one.waived > 0 && counts(one))
    .map(({ requirement }) => `${requirement.id} fails as expected`);
  const [verdict, reasons] = conclusion(result, fails, open, waived);
  return {
    verdict,
    reasons,
    warnings: failing.filter((one) => !counts(one)).map((one) => `${one.requirement.id} failed: ${one.reason}`),
    outcomes,
    expectedFailures: states,
  };
}

function conclusion(
  result: RunResult,
  fails: readonly string[],
  open: readonly string[],
  waived: readonly string[],
): readonly [RunVerdict, readonly string[]] {
  if (result.ended === "error") return ["error", [result.error ?? "the run ended with an error", ...fails, ...open]];
  if (fails.length > 0) return ["fail", [...fails, ...open]];
  if (open.length > 0) return ["inconclusive", open];
  return waived.length > 0 ? ["pass-with-waivers", waived] : ["pass", []];
}

function exercisableBy(
  result: RunResult,
  scenarios: readonly { readonly id: string; readonly exercises: readonly string[] }[],
): ReadonlySet<string> {
  const selected = new Set(result.selected.scenarios);
  return new Set(scenarios.filter(({ id }) => selected.has(id)).flatMap(({ exercises }) => exercises));
}

function stateOf(
  entry: ExpectedFailure,
  result: RunResult,
  outcomes: readonly RequirementOutcome[],
): ExpectedFailureState["state"] {
  if (isExpired(entry, result.startedAt)) return "expired";
  const outcome = outcomes.find(({ requirement }) => requirement.id === entry.requirement);
  if (failsOf(entry, result)) return "used";
  // Part of a suite cannot say that something never fails, and neither can a busy host.
  const partOnly = result.partial || result.shard !== undefined || result.ended !== "complete";
  if (outcome === undefined) return partOnly ? "unknown" : "unused";
  if (outcome.inconclusive > 0) return "unknown";
  if (partOnly && (outcome.passed === 0 || isNarrowed(entry))) return "unknown";
  return "unused";
}

function failsOf(entry: ExpectedFailure, result: RunResult): boolean {
  const inRun = result.runScope[entry.requirement];
  if (inRun?.kind === "fail" && isExpected(entry, { requirement: entry.requirement, mismatch: inRun.mismatch }))
    return true;
  return result.cases.some(({ verdicts, scenario, plan }) => {
    const verdict = verdicts[entry.requirement];
    return (
      verdict?.kind === "fail" &&
      isExpected(entry, { requirement: entry.requirement, mismatch: verdict.mismatch, scenario, plan })
    );
  });
}

function isNarrowed({ scenario, platform, transport, mismatch }: ExpectedFailure): boolean {
  return [scenario, platform, transport, mismatch].some((field) => field !== undefined);
}
