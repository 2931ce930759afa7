import type { Scenario } from "../plan/scenario.ts";
import type { Plan } from "../plan/plan.ts";
import { surveyPlans, type Surveyed } from "../search/survey-plans.ts";
import type { RunFacts } from "../trace/run-facts.ts";
import type { CaseId } from "../trace/trace-event.ts";

/** One plan of the survey, before it is played. */
export interface SurveyCase {
  readonly id: CaseId;
  readonly scenario: Scenario;
  readonly surveyed: Surveyed<Plan>;
}

/** Every plan of the run, in the order they are begun: all witnesses, then the generated ones of all scenarios in turn. */
export function surveyCases(
  scenarios: readonly Scenario[],
  facts: RunFacts,
  { runs, seed }: { readonly runs: number; readonly seed: number },
  shard?: { readonly index: number; readonly of: number },
): readonly SurveyCase[] {
  const perScenario = scenarios.map((scenario) =>
    surveyPlans({ witnesses: scenario.witnesses(facts), arbitrary: scenario.arbitrary(facts), runs, seed }).map(
      (surveyed): SurveyCase => ({ id: `${scenario.id}-${surveyed.index}`, scenario, surveyed }),
    ),
  );
  const witnesses = perScenario.flatMap((cases) => cases.filter(({ surveyed }) => surveyed.source === "witness"));
  const generated = perScenario.map((cases) => cases.filter(({ surveyed }) => surveyed.source === "generated"));
  const inTurn = Array.from({ length: runs }, (_, turn) =>
    generated.flatMap((cases) => cases.slice(turn, turn + 1)),
  ).flat();
  const all = [...witnesses, ...inTurn];
  return shard === undefined ? all : all.filter((_, number) => number % shard.of === shard.index - 1);
}
