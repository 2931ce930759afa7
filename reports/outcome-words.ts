import type { RequirementOutcome } from "../harness/judge/requirement-outcome.ts";
import { isWaived } from "./report-content.ts";

/** What became of a requirement, as filters and colours name it. */
export type OutcomeKind = RequirementOutcome["verdict"] | "waived";

export function outcomeKind(outcome: Pick<RequirementOutcome, "verdict" | "failed" | "waived">): OutcomeKind {
  return isWaived(outcome) ? "waived" : outcome.verdict;
}

/** The same as people read it. */
export const outcomeWords: Readonly<Record<OutcomeKind, string>> = {
  pass: "passed",
  fail: "failed",
  waived: "failed as expected",
  inconclusive: "inconclusive",
  "not-exercised": "not exercised",
  "not-applicable": "not applicable",
};
