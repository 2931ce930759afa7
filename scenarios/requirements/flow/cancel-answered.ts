import { finalOf, type Exchange } from "../../../harness/judge/call-view-messages.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { wasAttempted } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, fail, judgeDemand, notExercised } from "../verdicts.ts";

// "Regardless of the method of the original request, as long as the CANCEL matched an existing transaction, the UAS answers the CANCEL
// request itself with a 200 (OK) response." (RFC 3261, 9.2)
export const cancelAnswered: Requirement = {
  id: "flow/cancel-answered",
  title: "Each CANCEL of the caller is answered 200",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "9.2",
      "Regardless of the method of the original request, as long as the CANCEL matched an existing transaction, the UAS answers the CANCEL request itself with a 200 (OK) response.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(callsOf(trace).flatMap((call) => call.caller.cancels.map((cancel) => judgeCancel(trace, call, cancel)))),
};

function judgeCancel(trace: Trace, call: CallView, cancel: Exchange): Verdict {
  const arrived = cancel.request.arrived;
  if (arrived === undefined) return notExercised;
  const answer = finalOf(cancel);
  if (answer !== undefined && answer.sip.status !== 200) {
    // After a final response the INVITE's transaction may be gone: then 481 is right.
    if (call.caller.finals.some(({ event }) => event.seq < answer.event.seq)) return notExercised;
    return fail({
      mismatch: "cancel-refused",
      basis: "content",
      expected: "200 to the CANCEL: its INVITE was still pending",
      actual: `${answer.sip.status}`,
      evidence: [arrived, answer.event],
    });
  }
  const verdict = judgeDemand(trace, {
    what: `the answer to the CANCEL of ${call.ref}`,
    from: arrived,
    limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
    met: answer?.event,
    missing: "cancel-unanswered",
    expected: "200 to the CANCEL",
  });
  return verdict.kind === "pass" && !wasAttempted(call) ? notExercised : verdict;
}
