import type { CaseResult, RunResult } from "../run/run-result.ts";
import type { CaseId } from "../trace/trace-event.ts";
import { combineVerdicts, type CombinedVerdict } from "./combine-verdicts.ts";
import { isExpected, isExpired } from "./expected-failure.ts";
import { isForRole, type Requirement, type Verdict } from "./requirement.ts";

/** What one requirement came to in a run, with its denominator. */
export interface RequirementOutcome {
  readonly requirement: Requirement;
  readonly verdict: CombinedVerdict | "not-applicable";
  /** Why, in words; absent when it passed. */
  readonly reason?: string;
  /** Verdicts other than not-exercised. */
  readonly exercised: number;
  readonly passed: number;
  readonly failed: number;
  /** Of `failed`, how many an unexpired expected failure covers. */
  readonly waived: number;
  readonly inconclusive: number;
  /** The cases that failed, else those that were inconclusive, else none. A run-scope requirement has none. */
  readonly cases: readonly CaseId[];
}

/** The outcomes of the selected requirements of the run's role, in catalogue order, those that do not apply too. */
export function requirementOutcomes(
  result: RunResult,
  requirements: readonly Requirement[],
): readonly RequirementOutcome[] {
  const selected = new Set<string>(result.selected.requirements);
  return requirements
    .filter((requirement) => selected.has(requirement.id) && isForRole(requirement, result.facts.role))
    .map((requirement) => outcomeOf(requirement, result));
}

interface Seen {
  readonly case?: CaseResult;
  readonly verdict: Verdict;
}

function outcomeOf(requirement: Requirement, result: RunResult): RequirementOutcome {
  const applies = requirement.applies(result.facts);
  const seen = applies === true ? verdictsOf(requirement, result) : [];
  const of = (kind: Verdict["kind"]): readonly Seen[] => seen.filter(({ verdict }) => verdict.kind === kind);
  const failed = of("fail");
  const inconclusive = of("inconclusive");
  const verdict = applies === true ? combineVerdicts(seen.map((one) => one.verdict.kind)) : "not-applicable";
  const shown = verdict === "fail" ? failed : verdict === "inconclusive" ? inconclusive : [];
  const reason = applies === true ? reasonOf(verdict, shown) : applies;
  return {
    requirement,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    exercised: seen.length - of("not-exercised").length,
    passed: of("pass").length,
    failed: failed.length,
    waived: failed.filter((one) => isWaived(requirement, one, result)).length,
    inconclusive: inconclusive.length,
    cases: shown.flatMap((one) => (one.case === undefined ? [] : [one.case.id])),
  };
}

function verdictsOf({ id, scope }: Requirement, result: RunResult): readonly Seen[] {
  if (scope === "run") {
    const verdict = result.runScope[id];
    return verdict === undefined ? [] : [{ verdict }];
  }
  return result.cases.flatMap((one) => {
    const verdict = one.verdicts[id];
    return verdict === undefined ? [] : [{ case: one, verdict }];
  });
}

function isWaived({ id }: Requirement, { case: one, verdict }: Seen, result: RunResult): boolean {
  if (verdict.kind !== "fail") return false;
  const fail = {
    requirement: id,
    mismatch: verdict.mismatch,
    ...(one === undefined ? {} : { scenario: one.scenario, plan: one.plan }),
  };
  return result.expectedFailures.some((entry) => !isExpired(entry, result.startedAt) && isExpected(entry, fail));
}

function reasonOf(verdict: CombinedVerdict | "not-applicable", shown: readonly Seen[]): string | undefined {
  if (verdict === "not-exercised") return "no case exercised it";
  const reasons = new Map<string, number>();
  for (const { verdict: one } of shown) {
    const why = one.kind === "fail" ? one.mismatch : one.kind === "inconclusive" ? one.why : undefined;
    if (why !== undefined) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const [most, ...others] = [...reasons].toSorted(([, a], [, b]) => b - a).map(([why]) => why);
  if (most === undefined) return undefined;
  if (verdict === "fail") return [most, ...others].join(", ");
  return others.length === 0 ? most : `${most} (and ${others.length} other reasons)`;
}
