import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { wasAttempted } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "This step, combined with the next, ensures that a stateful proxy will forward exactly one final response to a non-INVITE request, and
// either exactly one non-2xx response or one or more 2xx responses to an INVITE request." (RFC 3261, 16.7 step 5)
export const oneOutcomePerLeg: Requirement = {
  id: "flow/one-outcome-per-leg",
  title: "The caller's INVITE gets one outcome",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.7",
      "This step, combined with the next, ensures that a stateful proxy will forward exactly one final response to a non-INVITE request, and either exactly one non-2xx response or one or more 2xx responses to an INVITE request.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: CallView): Verdict {
  const [first, ...others] = call.caller.finals;
  if (first === undefined || !wasAttempted(call)) return notExercised;
  // Each 2xx of a phone is passed on at once, even after a final response (RFC 3261, 16.7 step 5).
  const answered = call.branches.some(({ answer }) => answer !== undefined);
  const second = others.find(
    ({ sip }) => sip.status !== first.sip.status && (sip.status >= 300 || (first.sip.status >= 300 && !answered)),
  );
  if (second === undefined) return passUnlessCutShort(trace, [first.event]);
  return fail({
    mismatch: "second-final-response",
    basis: "content",
    expected: `no other final response after ${first.sip.status}`,
    actual: `${second.sip.status}`,
    evidence: [first.event, second.event],
  });
}
