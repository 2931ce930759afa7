import type { RequirementId } from "../judge/requirement.ts";
import type { CaseResult } from "./run-result.ts";

/**
 * Decides, case by case as they end, whose trace is kept: failing and inconclusive ones, harness faults, the first that passes
 * a requirement, and the first of each scenario that exercised nothing, for its trace tells what stood in the way.
 */
export function evidenceKeeper(keepAll: boolean): (one: Pick<CaseResult, "scenario" | "verdicts" | "end">) => boolean {
  const witnessed = new Set<RequirementId>();
  const idle = new Set<string>();
  return (one) => {
    let isOpen = false;
    let isFirst = false;
    let isExercised = false;
    for (const id of Object.keys(one.verdicts) as RequirementId[]) {
      const { kind } = one.verdicts[id]!;
      if (kind === "not-exercised") continue;
      isExercised = true;
      if (kind !== "pass") isOpen = true;
      else if (!witnessed.has(id)) {
        witnessed.add(id);
        isFirst = true;
      }
    }
    const isIdle = !isExercised && !idle.has(one.scenario);
    if (isIdle) idle.add(one.scenario);
    return keepAll || isOpen || isIdle || isFirst || one.end.kind === "harness-fault";
  };
}
