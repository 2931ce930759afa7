import type { Requirement } from "../../../harness/judge/requirement.ts";
import { sipEvents } from "../../../harness/trace/sip-of.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

/**
 * The same requirement, whose passes count only in traces in which the target brought an INVITE to a phone. Correct headers
 * are easy for one that answers everything alike and carries no call; it has shown nothing. What it does wrong still fails.
 */
export function onlyWhereCallsAreCarried(requirement: Requirement): Requirement {
  return {
    ...requirement,
    judge(trace) {
      const verdict = requirement.judge(trace);
      return verdict.kind === "pass" && !carriesCall(trace) ? { kind: "not-exercised" } : verdict;
    },
  };
}

function carriesCall(trace: Trace): boolean {
  return sipEvents(trace, { by: "target", kind: "request", method: "INVITE" }).some(({ to }) => to === "phone");
}
