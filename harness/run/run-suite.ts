import { messageOf, TargetError, UsageError } from "../errors.ts";
import { isExpected, isExpired } from "../judge/expected-failure.ts";
import type { FailVerdict, RequirementId, Verdict } from "../judge/requirement.ts";
import type { Trace } from "../trace/trace.ts";
import { casePlayer, type Played } from "./case-player.ts";
import { confirmDeadlines } from "./confirm-deadlines.ts";
import { evidenceKeeper } from "./evidence.ts";
import { findCounterexamples } from "./find-counterexamples.ts";
import { harnessMeasures } from "./harness-measures.ts";
import { withOwnFaults } from "./judge-played.ts";
import { judgeRunTrace } from "./judge-run-trace.ts";
import { playSurvey } from "./play-survey.ts";
import type { VerdictCounts } from "./run-event.ts";
import type { CaseResult, Counterexample, RunResult } from "./run-result.ts";
import { defaultSearchBudget, type SuiteOptions } from "./suite-options.ts";
import { surveyCases, type SurveyCase } from "./survey-cases.ts";
import { targetKeeper } from "./target-keeper.ts";

/**
 * One run: a survey of all plans, each judged at once by every requirement; fails that rest on a deadline tried again alone; one
 * shrink per failing requirement; the run's own trace. Closes the world. What goes wrong on the way (a target that does not come
 * back, a judge that throws) ends the run with what there is, marked as an error.
 *
 * @throws UsageError when nothing is selected, or the accounts are too few for a plan.
 */
export async function runSuite(options: SuiteOptions): Promise<RunResult> {
  const { world, scenarios, suite, clock, signal, onEvent } = options;
  const startedMs = clock.now();
  const told = new Set<RequirementId>();
  const startedAt = new Date(clock.epochMs + startedMs).toISOString();
  try {
    return await runSurvey(plansOf(options));
  } catch (error) {
    // The first error is the one worth telling.
    await world.close().catch(() => {});
    throw error;
  }

  async function runSurvey(survey: readonly SurveyCase[]): Promise<RunResult> {
    const concurrency = Math.max(1, Math.min(suite.concurrency, world.capacity.cases));
    onEvent({
      kind: "run-started",
      cases: survey.length,
      scenarios: scenarios.map(({ id }) => id),
      seed: suite.seed,
      concurrency,
    });
    const player = casePlayer(options);
    const keeper = targetKeeper(world, options.target, onEvent);
    const keep = evidenceKeeper(options.keepAll === true);
    const faults: string[] = [];
    let cases: CaseResult[] = [];
    let settled = false;
    const counterexamples: Counterexample[] = [];
    let stoppedEarly: string | undefined;
    try {
      stoppedEarly = await playSurvey({
        cases: survey,
        concurrency,
        player,
        keeper,
        signal,
        onStarted: ({ id, scenario }) => onEvent({ kind: "case-started", case: id, scenario: scenario.id }),
        onPlayed: (one, played) => {
          const { trace, ...rest } = caseResultOf(one, played);
          const result: CaseResult = trace !== undefined && keep(rest) ? { ...rest, trace } : rest;
          cases.push(result);
          tellFailed([result], (verdict) => verdict.basis !== "deadline");
          if (result.end.kind === "harness-fault") faults.push(`${result.id}: ${result.end.message}`);
          onEvent({
            kind: "case-ended",
            case: result.id,
            scenario: result.scenario,
            end: result.end.kind,
            counts: countsOf(result),
            done: cases.length,
            cases: survey.length,
          });
        },
      });
      cases = inOrder(cases, survey);
      const { expectedFailures, requirements } = options;
      const alone = { cases, expectedFailures, player, keeper, clock, signal, onEvent };
      cases = [...(await confirmDeadlines(alone))];
      settled = true;
      tellFailed(cases, () => true);
      const budget = options.search ?? defaultSearchBudget;
      const facts = world.runFacts;
      const search = { ...alone, cases, survey, requirements, facts, seed: suite.seed, startedAt, budget };
      for await (const counterexample of findCounterexamples(search)) counterexamples.push(counterexample);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      // A fresh start that was interrupted says nothing against the target.
      if (!(signal.aborted && error instanceof TargetError)) faults.push(messageOf(error));
      // Nothing more can be tried alone: what rests on a deadline stays open.
      const untried = { ...options, cases: inOrder(cases, survey), player, keeper, signal: AbortSignal.abort() };
      if (!settled) cases = [...(await confirmDeadlines(untried))];
    } finally {
      keeper.release();
    }
    const run = await closeWorld(faults);
    const ended =
      faults.length > 0 ? "error" : signal.aborted || stoppedEarly !== undefined ? "interrupted" : "complete";
    const error = faults.length > 0 ? faults.join("\n") : stoppedEarly;
    const durationMs = clock.now() - startedMs;
    onEvent({ kind: "run-ended", ended, ...(error === undefined ? {} : { error }), durationMs });
    return {
      facts: world.runFacts,
      seed: suite.seed,
      runs: suite.runs,
      startedAt,
      durationMs,
      partial: options.partial,
      strict: suite.strict,
      selected: { scenarios: scenarios.map(({ id }) => id), requirements: options.requirements.map(({ id }) => id) },
      cases,
      ...run,
      counterexamples,
      expectedFailures: options.expectedFailures,
      harness: harnessMeasures(cases, options.worstEventLoopDelayMs?.() ?? 0),
      ended,
      ...(error === undefined ? {} : { error }),
      ...(options.shard === undefined ? {} : { shard: options.shard }),
    };
  }

  async function closeWorld(faults: string[]): Promise<Pick<RunResult, "runTrace" | "runScope">> {
    let runTrace: Trace | undefined;
    try {
      runTrace = withOwnFaults(await world.close(), options.ownFaults);
      if (runTrace.end.kind === "harness-fault") {
        faults.push(`the run's trace: ${runTrace.end.message}`);
        return { runTrace, runScope: {} };
      }
      return { runTrace, runScope: judgeRunTrace(runTrace, options.requirements) };
    } catch (error) {
      faults.push(messageOf(error));
      return { ...(runTrace === undefined ? {} : { runTrace }), runScope: {} };
    }
  }

  /** Tells of each requirement once, as soon as a fail of it stands. */
  function tellFailed(cases: readonly CaseResult[], stands: (verdict: FailVerdict) => boolean): void {
    for (const { id } of options.requirements) {
      const one = cases.find(({ verdicts }) => verdicts[id]?.kind === "fail");
      const verdict = one?.verdicts[id];
      if (told.has(id) || one === undefined || verdict?.kind !== "fail" || !stands(verdict)) continue;
      told.add(id);
      const { mismatch } = verdict;
      const fail = { requirement: id, mismatch, scenario: one.scenario, plan: one.plan };
      const waived = options.expectedFailures.some((entry) => !isExpired(entry, startedAt) && isExpected(entry, fail));
      onEvent({ kind: "requirement-failed", requirement: id, mismatch, case: one.id, waived });
    }
  }
}

function plansOf({ scenarios, requirements, world, suite, shard }: SuiteOptions): readonly SurveyCase[] {
  if (scenarios.length === 0) throw new UsageError("no-scenario", "No scenario is selected: nothing would be played.");
  if (requirements.length === 0)
    throw new UsageError("no-requirement", "No requirement is selected: nothing would be judged.");
  const cases = surveyCases(scenarios, world.runFacts, suite, shard);
  if (cases.length === 0 && shard !== undefined)
    throw new UsageError("no-case", `Shard ${shard.index} of ${shard.of} is left without a plan: take fewer shards.`);
  if (cases.length === 0)
    throw new UsageError(
      "no-case",
      "The selected scenarios have no witness for this target, and runs is 0: nothing would be played.",
    );
  return cases;
}

function caseResultOf({ id, scenario, surveyed }: SurveyCase, played: Played): CaseResult {
  const { source, index, value: plan } = surveyed;
  return { id, scenario: scenario.id, source, index, plan, ...played };
}

/** Cases end in any order; a result must not depend on it. */
function inOrder(cases: readonly CaseResult[], survey: readonly SurveyCase[]): CaseResult[] {
  const position = new Map(survey.map(({ id }, index) => [id, index]));
  return cases.toSorted((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0));
}

function countsOf({ verdicts }: CaseResult): VerdictCounts {
  const count = (kind: Verdict["kind"]): number =>
    Object.values(verdicts).filter((verdict) => verdict.kind === kind).length;
  return {
    pass: count("pass"),
    fail: count("fail"),
    inconclusive: count("inconclusive"),
    notExercised: count("not-exercised"),
  };
}
