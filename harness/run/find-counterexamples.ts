import { linkedAbort } from "../clock/linked-abort.ts";
import { isExpected, isExpired } from "../judge/expected-failure.ts";
import type { FailVerdict, Requirement } from "../judge/requirement.ts";
import type { Plan } from "../plan/plan.ts";
import { planReductions } from "../search/plan-reductions.ts";
import { reducible } from "../search/reducible.ts";
import { shrink, type Outcome } from "../search/shrink.ts";
import type { RunFacts } from "../trace/run-facts.ts";
import type { Trace } from "../trace/trace.ts";
import type { Clock } from "../clock/clock.ts";
import type { CasePlayer, Played } from "./case-player.ts";
import type { RunEvent } from "./run-event.ts";
import type { CaseResult, Counterexample, ExpectedFailure } from "./run-result.ts";
import type { SearchBudget } from "./suite-options.ts";
import type { SurveyCase } from "./survey-cases.ts";
import type { TargetKeeper } from "./target-keeper.ts";

export interface CounterexampleOptions {
  /** Confirmed. */
  readonly cases: readonly CaseResult[];
  readonly survey: readonly SurveyCase[];
  readonly requirements: readonly Requirement[];
  readonly expectedFailures: readonly ExpectedFailure[];
  readonly facts: RunFacts;
  readonly seed: number;
  /** ISO time of the run, against which expected failures expire. */
  readonly startedAt: string;
  readonly budget: SearchBudget;
  readonly player: CasePlayer;
  readonly keeper: TargetKeeper;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

interface Failing {
  readonly one: CaseResult;
  readonly verdict: FailVerdict;
  readonly trace: Trace;
}

/** One shrink per failing requirement, bound to its id and mismatch; musts first, while the time lasts. */
export async function* findCounterexamples(options: CounterexampleOptions): AsyncGenerator<Counterexample, void> {
  const { requirements, clock, budget, signal, onEvent } = options;
  const endsAtMs = clock.now() + budget.totalMs;
  const mustsFirst = [
    ...requirements.filter(({ level }) => level === "must"),
    ...requirements.filter(({ level }) => level !== "must"),
  ];
  for (const { id } of mustsFirst) {
    if (signal.aborted) break;
    const failing = simplestFailing(id, options);
    if (failing === undefined) continue;
    const { one, verdict } = failing;
    onEvent({ kind: "shrinking", requirement: id, mismatch: verdict.mismatch, case: one.id });
    const budgetMs = Math.max(0, Math.min(budget.perRequirementMs, endsAtMs - clock.now()));
    const counterexample = await shrinkOne(id, failing, budgetMs, options);
    onEvent({ kind: "confirmed", counterexample });
    yield counterexample;
  }
}

/** The failing case with the shortest plan that no expected failure covers. */
function simplestFailing(
  id: Requirement["id"],
  { cases, expectedFailures, startedAt }: CounterexampleOptions,
): Failing | undefined {
  const failing = cases.flatMap((one): readonly Failing[] => {
    const verdict = one.verdicts[id];
    if (verdict?.kind !== "fail" || one.trace === undefined) return [];
    const fail = { requirement: id, mismatch: verdict.mismatch, scenario: one.scenario, plan: one.plan };
    const waived = expectedFailures.some((entry) => !isExpired(entry, startedAt) && isExpected(entry, fail));
    return waived ? [] : [{ one, verdict, trace: one.trace }];
  });
  const size = ({ one }: Failing): number => JSON.stringify(one.plan).length;
  return failing.toSorted((a, b) => size(a) - size(b))[0];
}

async function shrinkOne(
  id: Requirement["id"],
  { one, verdict, trace }: Failing,
  budgetMs: number,
  options: CounterexampleOptions,
): Promise<Counterexample> {
  const { player, keeper, clock, signal, seed } = options;
  const search = linkedAbort([signal]);
  const stopTimer = clock.after(budgetMs, () => search.abort());
  // The newest failing play of each plan that failed: the evidence of whichever turns out minimal.
  const shown = new Map([[JSON.stringify(one.plan), { verdict, trace }]]);
  const playAlone = async (plan: Plan, until: AbortSignal): Promise<Outcome> => {
    await keeper.ensureAlive();
    const played = await player.play(one.id, plan, until);
    const again = played.verdicts[id];
    if (again?.kind !== "fail" || again.mismatch !== verdict.mismatch) return outcomeOf(played, id);
    if (played.trace !== undefined) shown.set(JSON.stringify(plan), { verdict: again, trace: played.trace });
    return "fails";
  };
  const start = startOf(one, options);
  const shrunk =
    start === undefined || budgetMs === 0
      ? { value: one.plan, path: start?.path ?? "" }
      : await shrink({
          ...start,
          seed,
          failing: one.plan,
          predicate: async (plan) => await playAlone(plan, search.signal),
          signal: search.signal,
        });
  stopTimer();
  search.release();
  const reproduced = { k: 0, n: 0 };
  const reproduceUntilMs = clock.now() + options.budget.perRequirementMs;
  while (reproduced.n < options.budget.reproductions && !signal.aborted) {
    // A plan that takes a minute is not played three times over.
    if (reproduced.n > 0 && clock.now() >= reproduceUntilMs) break;
    if ((await playAlone(shrunk.value, signal)) === "fails") reproduced.k += 1;
    reproduced.n += 1;
  }
  const evidence = shown.get(JSON.stringify(shrunk.value)) ?? { verdict, trace };
  return {
    requirement: id,
    mismatch: verdict.mismatch,
    plan: shrunk.value,
    caseId: one.id,
    seed,
    path: one.source === "witness" ? `witness:${shrunk.path}` : shrunk.path,
    reproduced,
    verdict: evidence.verdict,
    trace: evidence.trace,
  };
}

function outcomeOf({ verdicts, end }: Played, id: Requirement["id"]): Outcome {
  if (end.kind === "harness-fault" || verdicts[id]?.kind === "inconclusive") return "inconclusive";
  return "passes";
}

/** A generated plan is shrunk by its own arbitrary, a witness by leaving parts out. */
function startOf(
  { id, source, plan }: CaseResult,
  { survey, facts }: CounterexampleOptions,
): { readonly arbitrary: ReturnType<typeof reducible<Plan>>; readonly path: string } | undefined {
  if (source === "witness") return { arbitrary: reducible(plan, planReductions), path: "0" };
  const found = survey.find((survey) => survey.id === id);
  return found === undefined ? undefined : { arbitrary: found.scenario.arbitrary(facts), path: found.surveyed.path };
}
