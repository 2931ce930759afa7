import type { Plan } from "../plan/plan.ts";
import type { ExpectedFailure } from "../run/run-result.ts";
import type { FailVerdict, RequirementId } from "./requirement.ts";

/** One fail and where it happened; run-scope fails have neither scenario nor plan. */
export interface FailInContext {
  readonly requirement: RequirementId;
  readonly mismatch: FailVerdict["mismatch"];
  readonly scenario?: string;
  readonly plan?: Plan;
}

/** Whether the entry is about this fail. Each narrowing field must hold; `platform` holds when one phone of the plan has it. */
export function isExpected(entry: ExpectedFailure, fail: FailInContext): boolean {
  const { plan } = fail;
  return (
    entry.requirement === fail.requirement &&
    (entry.mismatch === undefined || entry.mismatch === fail.mismatch) &&
    (entry.scenario === undefined || entry.scenario === fail.scenario) &&
    (entry.transport === undefined || entry.transport === plan?.transport) &&
    (entry.platform === undefined || plan?.phones.some(({ platform }) => platform === entry.platform) === true)
  );
}

/** Whether the entry's last day (in UTC) is over at that time. Both are ISO dates or times. */
export function isExpired(entry: ExpectedFailure, at: string): boolean {
  return entry.expires !== undefined && at.slice(0, 10) > entry.expires.slice(0, 10);
}
