import { join } from "node:path";
import type { RequirementOutcome } from "../harness/judge/requirement-outcome.ts";
import type { FailVerdict, RequirementId, Verdict } from "../harness/judge/requirement.ts";
import type { Plan } from "../harness/plan/plan.ts";
import type { CaseResult, Counterexample, RunResult } from "../harness/run/run-result.ts";
import { counterexampleDirectory } from "../harness/run/run-directory.ts";
import type { CaseId } from "../harness/trace/trace-event.ts";
import type { Trace } from "../harness/trace/trace.ts";
import type { ReportContext } from "./report-context.ts";

/** One failing requirement with the best evidence there is: its minimal plan, else the first case that failed, else the run. */
export interface Failure {
  readonly requirement: RequirementId;
  readonly verdict: FailVerdict;
  readonly caseId?: CaseId;
  readonly plan?: Plan;
  readonly trace?: Trace;
  /** Present where a minimal plan was sought: it was played alone n times and failed k times; seed and path are of its search. */
  readonly shrunk?: Pick<Counterexample, "seed" | "path" | "reproduced">;
  /** Folder of the evidence below the run directory, with `/` between. */
  readonly folder?: string;
  /** The same, as a path from where RingTrue runs. */
  readonly path?: string;
  /** The command that plays it again. */
  readonly replay?: string;
}

/** The failing requirements (expected ones too) in catalogue order. */
export function failuresOf(result: RunResult, context: ReportContext): readonly Failure[] {
  return context.conclusion.outcomes
    .filter(({ verdict }) => verdict === "fail")
    .flatMap((outcome) => {
      const failure = failureOf(outcome, result, context);
      return failure === undefined ? [] : [failure];
    });
}

function failureOf(
  { requirement: { id } }: RequirementOutcome,
  result: RunResult,
  context: ReportContext,
): Failure | undefined {
  const minimal = result.counterexamples.find(({ requirement }) => requirement === id);
  if (minimal?.verdict.kind === "fail") return ofCounterexample(minimal, minimal.verdict, context);
  const inRun = result.runScope[id];
  if (inRun?.kind === "fail") return ofRun(id, inRun, result, context);
  const failing = result.cases.filter((one) => isFail(one.verdicts[id]));
  const stored = failing.filter(({ trace }) => trace !== undefined);
  const one = stored.find((candidate) => isReplayedFor(id, candidate)) ?? stored[0] ?? failing[0];
  const verdict = one?.verdicts[id];
  return one === undefined || !isFail(verdict) ? undefined : ofCase(id, one, verdict, context);
}

function ofCounterexample(minimal: Counterexample, verdict: FailVerdict, context: ReportContext): Failure {
  const { requirement, caseId, plan, trace, seed, path, reproduced } = minimal;
  const folder = counterexampleDirectory("", minimal).replaceAll("\\", "/");
  return {
    requirement,
    verdict,
    caseId,
    plan,
    trace,
    shrunk: { seed, path, reproduced },
    ...placeOf(folder, context, true),
  };
}

function ofCase(id: RequirementId, one: CaseResult, verdict: FailVerdict, context: ReportContext): Failure {
  const { trace, plan } = one;
  const base = { requirement: id, verdict, caseId: one.id, plan };
  // Only cases with a trace are stored.
  if (trace === undefined) return base;
  return { ...base, trace, ...placeOf(`cases/${one.id}`, context, isReplayedFor(id, one)) };
}

/** A case's own `replay.json` is about the first requirement that failed in it. */
function isReplayedFor(id: RequirementId, { verdicts }: CaseResult): boolean {
  return Object.entries(verdicts).find(([, { kind }]) => kind === "fail")?.[0] === id;
}

function ofRun(id: RequirementId, verdict: FailVerdict, { runTrace }: RunResult, context: ReportContext): Failure {
  const base = { requirement: id, verdict };
  return runTrace === undefined ? base : { ...base, trace: runTrace, ...placeOf("run", context, false) };
}

function placeOf(
  folder: string,
  { directory, replayCommand }: ReportContext,
  replayable: boolean,
): Pick<Failure, "folder" | "path" | "replay"> {
  const path = join(directory, folder);
  return { folder, path, ...(replayable ? { replay: replayCommand(join(path, "replay.json")) } : {}) };
}

function isFail(verdict: Verdict | undefined): verdict is FailVerdict {
  return verdict?.kind === "fail";
}
