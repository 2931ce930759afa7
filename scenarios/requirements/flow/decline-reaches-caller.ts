import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { answerOf, hangUpOf, TRANSACTION_TIMEOUT_MS } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { mayHaveDeadBranch } from "./may-have-dead-branch.ts";
import { onlyDecline } from "./only-decline.ts";
import { conclude, fail, judgeDemand, notExercised } from "../verdicts.ts";

// "A stateful proxy MUST send a final response to a response context's server transaction if no final responses have been immediately
// forwarded by the above rules and all client transactions in this response context have been terminated." (RFC 3261, 16.7 step 6)
export const declineReachesCaller: Requirement = {
  id: "flow/decline-reaches-caller",
  title: "The rejection of the only phone ends the call for its caller",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.7",
      "A stateful proxy MUST send a final response to a response context's server transaction if no final responses have been immediately forwarded by the above rules and all client transactions in this response context have been terminated.",
    ),
  ],
  applies: ({ features }) =>
    features.fallback === "none" || "the target declares that it diverts calls that are declined",
  judge: (trace) => conclude(callsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: CallView): Verdict {
  const decline = onlyDecline(call);
  if (decline?.arrived === undefined) return notExercised;
  const final = call.caller.finals[0];
  if (final !== undefined && final.sip.status < 300 && answerOf(call) === undefined) {
    return fail({
      mismatch: "answered-instead",
      basis: "content",
      expected: `a final response from 400 up: the only phone sent ${decline.sip.status}`,
      actual: `${final.sip.status}`,
      evidence: [decline.event, final.event],
    });
  }
  const { ringStopAfterHangupMs } = trace.facts.deadlines;
  return judgeDemand(trace, {
    what: `the rejection of ${call.ref} at its caller`,
    from: decline.arrived,
    // A proxy may wait for a branch that only a time-out ends.
    limitMs: ringStopAfterHangupMs + (mayHaveDeadBranch(trace, call, decline.arrived) ? TRANSACTION_TIMEOUT_MS : 0),
    met: final?.event,
    excuses: [hangUpOf(call), answerOf(call)],
    missing: "no-final-response",
    expected: `a final response to the caller: the only phone sent ${decline.sip.status}`,
  });
}
