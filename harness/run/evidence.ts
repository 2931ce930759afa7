import type { RequirementId, Verdict } from "../judge/requirement.ts";
import type { CaseResult } from "./run-result.ts";

/**
 * Decides, case by case as they end, whose trace is kept: failing and inconclusive ones, harness faults, the first that passes
 * a requirement, and the first of each scenario that exercised nothing, for its trace tells what stood in the way.
 */
export function evidenceKeeper(keepAll: boolean): (one: CaseResult) => CaseResult {
  const witnessed = new Set<RequirementId>();
  const idle = new Set<string>();
  return (one) => {
    const verdicts = Object.entries(one.verdicts) as [RequirementId, Verdict][];
    const firstPasses = verdicts.filter(([id, { kind }]) => kind === "pass" && !witnessed.has(id));
    for (const [id] of firstPasses) witnessed.add(id);
    const isIdle = !idle.has(one.scenario) && verdicts.every(([, { kind }]) => kind === "not-exercised");
    if (isIdle) idle.add(one.scenario);
    const isOpen = verdicts.some(([, { kind }]) => kind === "fail" || kind === "inconclusive");
    if (keepAll || isOpen || isIdle || firstPasses.length > 0 || one.end.kind === "harness-fault") return one;
    const { trace: _, ...rest } = one;
    return rest;
  };
}
