import { join } from "node:path";
import { judgeTrace } from "../judge/judge-trace.ts";
import type { Requirement, RequirementId, Verdict } from "../judge/requirement.ts";
import type { RunFacts } from "../trace/run-facts.ts";
import type { Trace } from "../trace/trace.ts";
import type { CaseResult } from "./run-result.ts";
import { judgeRunTrace } from "./judge-run-trace.ts";
import { readStoredCases, readStoredTrace } from "./read-stored.ts";

/** One verdict that came out differently. */
export interface Changed {
  /** Absent for the run's own trace. */
  readonly case?: string;
  readonly requirement: RequirementId;
  readonly before: Verdict | undefined;
  readonly after: Verdict | undefined;
}

export interface Rejudged {
  /** How many cases the run had, and how many of them kept a trace to judge. */
  readonly of: number;
  readonly judged: number;
  /** All of them: those without a trace keep their stored verdicts. */
  readonly cases: readonly CaseResult[];
  readonly runTrace?: Trace;
  readonly runScope: Readonly<Record<RequirementId, Verdict>>;
  /** Of the newest trace; undefined when there was none. */
  readonly facts?: RunFacts;
  /** Against the stored verdicts of cases. */
  readonly changed: readonly Changed[];
}

/**
 * Judges the stored traces of a run directory again, with no target present.
 *
 * @throws UsageError when the directory holds no run, or a file in it is damaged.
 */
export async function rejudge(directory: string, requirements: readonly Requirement[]): Promise<Rejudged> {
  const cases: CaseResult[] = [];
  const changed: Changed[] = [];
  let facts: RunFacts | undefined;
  let judged = 0;
  for (const stored of await readStoredCases(directory)) {
    const { trace } = stored;
    if (trace === undefined || stored.end.kind === "harness-fault") {
      cases.push(stored);
      continue;
    }
    judged += 1;
    facts = trace.facts;
    const verdicts = settledAsBefore(judgeTrace(trace, requirements), stored);
    cases.push({ ...stored, verdicts });
    changed.push(...changes(stored, verdicts));
  }
  const runTrace = await readStoredTrace(join(directory, "run"));
  facts ??= runTrace?.facts;
  return {
    of: cases.length,
    judged,
    cases,
    ...(runTrace === undefined ? {} : { runTrace }),
    runScope: runTrace === undefined ? {} : judgeRunTrace(runTrace, requirements),
    ...(facts === undefined ? {} : { facts }),
    changed,
  };
}

/** A fail that rests on a deadline counted in the run only if it showed again alone; a trace alone cannot say more. */
function settledAsBefore(
  verdicts: Readonly<Record<RequirementId, Verdict>>,
  stored: CaseResult,
): Readonly<Record<RequirementId, Verdict>> {
  return Object.fromEntries(
    (Object.entries(verdicts) as [RequirementId, Verdict][]).map(([id, verdict]): [string, Verdict] => {
      if (verdict.kind !== "fail" || verdict.basis !== "deadline" || stored.verdicts[id]?.kind === "fail")
        return [id, verdict];
      return [
        id,
        { kind: "inconclusive", why: `${verdict.mismatch} rests on a deadline and was not shown with the plan alone` },
      ];
    }),
  );
}

function changes(stored: CaseResult, verdicts: Readonly<Record<RequirementId, Verdict>>): readonly Changed[] {
  const ids = new Set([...Object.keys(stored.verdicts), ...Object.keys(verdicts)]) as Set<RequirementId>;
  return [...ids].flatMap((requirement) => {
    const before = stored.verdicts[requirement];
    const after = verdicts[requirement];
    return kindAndMismatch(before) === kindAndMismatch(after) ? [] : [{ case: stored.id, requirement, before, after }];
  });
}

function kindAndMismatch(verdict: Verdict | undefined): string {
  return verdict === undefined ? "" : verdict.kind === "fail" ? `fail ${verdict.mismatch}` : verdict.kind;
}
