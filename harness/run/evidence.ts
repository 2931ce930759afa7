import type { RequirementId, Verdict } from "../judge/requirement.ts";
import type { CaseResult } from "./run-result.ts";

/**
 * Decides, case by case as they end, whose trace is kept: failing and inconclusive ones, harness faults, and the first that
 * passes a requirement.
 */
export function evidenceKeeper(keepAll: boolean): (one: CaseResult) => CaseResult {
  const witnessed = new Set<RequirementId>();
  return (one) => {
    const verdicts = Object.entries(one.verdicts) as [RequirementId, Verdict][];
    const firstPasses = verdicts.filter(([id, { kind }]) => kind === "pass" && !witnessed.has(id));
    for (const [id] of firstPasses) witnessed.add(id);
    const isOpen = verdicts.some(([, { kind }]) => kind === "fail" || kind === "inconclusive");
    if (keepAll || isOpen || firstPasses.length > 0 || one.end.kind === "harness-fault") return one;
    const { trace: _, ...rest } = one;
    return rest;
  };
}
