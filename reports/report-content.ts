import type { RequirementOutcome } from "../harness/judge/requirement-outcome.ts";
import type { Requirement } from "../harness/judge/requirement.ts";
import type { ExpectedFailureState, RunVerdict } from "../harness/judge/run-verdict.ts";
import type { ExpectedFailure, HarnessMeasures, RunResult } from "../harness/run/run-result.ts";
import type { RunFacts } from "../harness/trace/run-facts.ts";
import { failuresOf, type Failure } from "./failures.ts";
import { printable } from "./json/printable.ts";
import { redact } from "./redact.ts";
import type { ReportContext } from "./report-context.ts";
import { suiteHash } from "./suite-hash.ts";

/** One requirement of the run with what it came to; what of it is a function is left out. */
export interface ReportedOutcome extends Omit<RequirementOutcome, "requirement"> {
  readonly requirement: Omit<Requirement, "applies" | "judge">;
}

/** How many requirements came to what. `failed` are those that fail beyond what was expected; each is in one count only. */
export interface RequirementCounts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly waived: number;
  readonly inconclusive: number;
  readonly notExercised: number;
  readonly notApplicable: number;
}

/** A scenario counts a case once: as failed when any requirement failed in it, else as inconclusive when any was. */
export interface ScenarioCounts {
  readonly id: string;
  readonly runs: number;
  readonly failed: number;
  readonly inconclusive: number;
}

/** What every report shows, taken from one result, secrets gone. */
export interface ReportContent {
  readonly verdict: RunVerdict;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly tool: ReportContext["tool"];
  readonly suite: { readonly catalogueVersion: string; readonly hash: string };
  readonly facts: RunFacts;
  readonly effectiveConfig: unknown;
  readonly run: {
    readonly seed: number;
    readonly runs: number;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly ended: RunResult["ended"];
    readonly partial: boolean;
    readonly strict: boolean;
    readonly shard?: { readonly index: number; readonly of: number };
    readonly error?: string;
  };
  readonly counts: { readonly cases: number; readonly requirements: RequirementCounts };
  readonly outcomes: readonly ReportedOutcome[];
  readonly failures: readonly Failure[];
  readonly scenarios: readonly ScenarioCounts[];
  readonly expectedFailures: readonly (ExpectedFailure & { readonly state: ExpectedFailureState["state"] })[];
  readonly harness: HarnessMeasures;
}

export function reportContent(result: RunResult, context: ReportContext): ReportContent {
  const { conclusion, tool, catalogueVersion, effectiveConfig, secrets } = context;
  const { verdict, reasons, warnings, outcomes } = conclusion;
  const { seed, runs, startedAt, durationMs, ended, partial, strict, shard, error } = result;
  const requirements = outcomes.map(({ requirement }) => requirement);
  const content: ReportContent = {
    verdict,
    reasons,
    warnings,
    tool,
    suite: { catalogueVersion, hash: suiteHash(catalogueVersion, result.selected.scenarios, requirements) },
    facts: result.facts,
    effectiveConfig: printable(effectiveConfig),
    run: {
      seed,
      runs,
      startedAt,
      durationMs,
      ended,
      partial,
      strict,
      ...(shard === undefined ? {} : { shard }),
      ...(error === undefined ? {} : { error }),
    },
    counts: { cases: result.cases.length, requirements: countsOf(outcomes) },
    outcomes: outcomes.map((outcome) => ({ ...outcome, requirement: dataOf(outcome.requirement) })),
    failures: failuresOf(result, context),
    scenarios: scenarioCounts(result),
    expectedFailures: conclusion.expectedFailures.map(({ entry, state }) => ({ ...entry, state })),
    harness: result.harness,
  };
  return redact(content, secrets);
}

function dataOf(requirement: Requirement): ReportedOutcome["requirement"] {
  const { id, title, level, origin, role, scope, sources } = requirement;
  return { id, title, level, origin, role, scope, sources };
}

/** Whether every fail of it was expected. */
export function isWaived({
  verdict,
  failed,
  waived,
}: Pick<RequirementOutcome, "verdict" | "failed" | "waived">): boolean {
  return verdict === "fail" && failed <= waived;
}

function countsOf(outcomes: readonly RequirementOutcome[]): RequirementCounts {
  const count = (test: (outcome: RequirementOutcome) => boolean): number => outcomes.filter(test).length;
  return {
    total: outcomes.length,
    passed: count(({ verdict }) => verdict === "pass"),
    failed: count((outcome) => outcome.verdict === "fail" && !isWaived(outcome)),
    waived: count(isWaived),
    inconclusive: count(({ verdict }) => verdict === "inconclusive"),
    notExercised: count(({ verdict }) => verdict === "not-exercised"),
    notApplicable: count(({ verdict }) => verdict === "not-applicable"),
  };
}

function scenarioCounts({ selected, cases }: RunResult): readonly ScenarioCounts[] {
  const ids = new Set([...selected.scenarios, ...cases.map(({ scenario }) => scenario)]);
  return [...ids].map((id) => {
    const kinds = cases
      .filter(({ scenario }) => scenario === id)
      .map(({ verdicts }) => new Set(Object.values(verdicts).map(({ kind }) => kind)));
    return {
      id,
      runs: kinds.length,
      failed: kinds.filter((seen) => seen.has("fail")).length,
      inconclusive: kinds.filter((seen) => !seen.has("fail") && seen.has("inconclusive")).length,
    };
  });
}
