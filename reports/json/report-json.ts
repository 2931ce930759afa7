import type { RequirementOutcome } from "../../harness/judge/requirement-outcome.ts";
import type { Requirement } from "../../harness/judge/requirement.ts";
import type { Counterexample, RunResult } from "../../harness/run/run-result.ts";
import type { AppFacts, Features, Profile, Role } from "../../harness/trace/run-facts.ts";
import { reportContent, type ReportContent } from "../report-content.ts";
import type { ReportContext } from "../report-context.ts";
import type { Failure } from "../failures.ts";

/** `report.json`; `report.schema.json` says what each member means. */
export interface ReportJson extends Pick<
  ReportContent,
  "tool" | "suite" | "verdict" | "reasons" | "warnings" | "counts" | "scenarios" | "expectedFailures" | "harness"
> {
  readonly schema: "ringtrue.report/1";
  readonly target: {
    readonly name: string;
    readonly version: string;
    readonly vendor?: string;
    readonly role: Role;
    readonly profile: Profile;
    readonly features: Features;
    /** Of a client target: what its adapter said of the app. */
    readonly app?: AppFacts;
  };
  readonly effectiveConfig: unknown;
  readonly run: {
    readonly seed: number;
    readonly runs: number;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly complete: boolean;
    readonly partial: boolean;
    readonly interrupted: boolean;
    readonly strict: boolean;
    readonly shard: { readonly index: number; readonly of: number } | null;
    readonly error?: string;
  };
  readonly requirements: readonly RequirementJson[];
  readonly counterexamples: readonly CounterexampleJson[];
}

type RequirementJson = Pick<Requirement, "id" | "title" | "level" | "origin" | "scope" | "sources"> &
  Omit<RequirementOutcome, "requirement">;

interface CounterexampleJson extends Omit<Counterexample, "verdict" | "trace"> {
  readonly expected: string;
  readonly actual: string;
  /** Below the run directory. */
  readonly directory: string;
  readonly replay: string;
}

/** The whole result as data, without traces; they lie in the folders it names. */
export function reportJson(result: RunResult, context: ReportContext): ReportJson {
  const { facts, run, outcomes, failures, effectiveConfig, ...content } = reportContent(result, context);
  const { ended, shard, ...ordered } = run;
  return {
    schema: "ringtrue.report/1",
    tool: content.tool,
    suite: content.suite,
    target: {
      ...facts.target,
      role: facts.role,
      profile: facts.profile,
      features: facts.features,
      ...(facts.app === undefined ? {} : { app: facts.app }),
    },
    effectiveConfig: effectiveConfig ?? null,
    run: { ...ordered, complete: ended === "complete", interrupted: ended === "interrupted", shard: shard ?? null },
    verdict: content.verdict,
    reasons: content.reasons,
    warnings: content.warnings,
    counts: content.counts,
    requirements: outcomes.map(({ requirement, ...outcome }) => {
      const { id, title, level, origin, scope, sources } = requirement;
      return { id, title, level, origin, scope, sources, ...outcome };
    }),
    scenarios: content.scenarios,
    counterexamples: failures.flatMap(counterexampleOf),
    expectedFailures: content.expectedFailures,
    harness: content.harness,
  };
}

function counterexampleOf({
  requirement,
  verdict,
  plan,
  caseId,
  shrunk,
  folder,
  replay,
}: Failure): CounterexampleJson[] {
  if (
    plan === undefined ||
    caseId === undefined ||
    shrunk === undefined ||
    folder === undefined ||
    replay === undefined
  )
    return [];
  const { mismatch, expected, actual } = verdict;
  return [{ requirement, mismatch, expected, actual, plan, caseId, ...shrunk, directory: folder, replay }];
}
