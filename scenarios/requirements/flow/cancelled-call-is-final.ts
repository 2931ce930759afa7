import { SOCKET_ORDER_TOLERANCE_MS } from "../../../harness/trace/query.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { answerOf, cancelOf, isExplained, TRANSACTION_TIMEOUT_MS, wasAttempted } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { mayHaveDeadBranch } from "./may-have-dead-branch.ts";
import { conclude, fail, judgeDemand, notExercised } from "../verdicts.ts";

// "If the original request was an INVITE, the UAS SHOULD immediately respond to the INVITE with a 487 (Request Terminated)."
// (RFC 3261, 9.2)
// "When a user sends an INVITE and then a CANCEL, the INVITE transaction still terminates normally." (RFC 3261, 28.1)
export const cancelledCallIsFinal: Requirement = {
  id: "flow/cancelled-call-is-final",
  title: "A cancelled call gets its final response",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261("28.1", "When a user sends an INVITE and then a CANCEL, the INVITE transaction still terminates normally."),
    rfc3261(
      "9.2",
      "If the original request was an INVITE, the UAS SHOULD immediately respond to the INVITE with a 487 (Request Terminated).",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: CallView): Verdict {
  const cancelled = cancelOf(call);
  if (cancelled === undefined || call.caller.finals.some(({ event }) => event.seq < cancelled.seq)) return notExercised;
  const final = call.caller.finals[0];
  if (final !== undefined && !isAllowed(trace, call, final.sip.status, final.event.atMs - cancelled.atMs)) {
    return fail({
      mismatch: "wrong-final-response",
      basis: "content",
      expected: "487 to the cancelled INVITE, or the 2xx of a phone that crossed the CANCEL",
      actual: `${final.sip.status}`,
      evidence: [cancelled, final.event],
    });
  }
  const { ringStopAfterHangupMs } = trace.facts.deadlines;
  const verdict = judgeDemand(trace, {
    what: `the final response to ${call.ref} after its CANCEL`,
    from: cancelled,
    // A branch that never answered cannot be cancelled (RFC 3261, 9.1) and may be waited for.
    limitMs: ringStopAfterHangupMs + (mayHaveDeadBranch(trace, call, cancelled) ? TRANSACTION_TIMEOUT_MS : 0),
    met: final?.event,
    missing: "no-final-response",
    expected: "a final response to the cancelled INVITE",
  });
  return verdict.kind === "pass" && !wasAttempted(call) ? notExercised : verdict;
}

function isAllowed(trace: Trace, call: CallView, status: number, afterMs: number): boolean {
  if (status === 487) return true;
  const { progress, fallback } = trace.facts.features;
  if (status < 300) return answerOf(call) !== undefined || progress === "answers-first" || fallback === "divert";
  // A rejection that had already left, one a phone or a dead branch sent, or the end of the hold time.
  const cancelled = cancelOf(call);
  return (
    afterMs <= SOCKET_ORDER_TOLERANCE_MS ||
    call.branches.some(({ final, provisional }) =>
      final === undefined ? provisional === undefined : final.sip.status === status,
    ) ||
    (cancelled !== undefined && mayHaveDeadBranch(trace, call, cancelled)) ||
    isExplainedWithoutCancel(trace, call)
  );
}

function isExplainedWithoutCancel(trace: Trace, call: CallView): boolean {
  const { rejection } = call.caller;
  return rejection !== undefined && isExplained(trace, { ...call, caller: { ...call.caller, cancels: [] } }, rejection);
}
