import type { Trace } from "../trace/trace.ts";
import { isForRole, type Requirement, type RequirementId, type Verdict } from "./requirement.ts";
import { HarnessFault, messageOf } from "../errors.ts";
import { targetAtWork } from "./target-at-work.ts";

/**
 * What every requirement that applies says of one trace. Those of the other scope or role, and those that do not apply to the
 * facts in its header, are left out. A pass of a case in which the target did no work counts as not exercised.
 *
 * @throws HarnessFault naming the requirement when a judge throws: judges are pure and total.
 */
export function judgeTrace(
  trace: Trace,
  requirements: readonly Requirement[],
): Readonly<Record<RequirementId, Verdict>> {
  const verdicts: Record<RequirementId, Verdict> = {};
  for (const requirement of requirements) {
    if (requirement.scope !== trace.scope || !isForRole(requirement, trace.facts.role)) continue;
    try {
      if (requirement.applies(trace.facts) !== true) continue;
      verdicts[requirement.id] = credited(requirement.judge(trace), trace);
    } catch (error) {
      const where = trace.case === undefined ? "the run's trace" : `the trace of case ${trace.case}`;
      throw new HarnessFault("judge-threw", `The judge of ${requirement.id} threw on ${where}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  return verdicts;
}

function credited(verdict: Verdict, trace: Trace): Verdict {
  return verdict.kind === "pass" && !targetAtWork(trace) ? { kind: "not-exercised" } : verdict;
}
