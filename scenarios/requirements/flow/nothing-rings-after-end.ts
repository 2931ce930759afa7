import { isUpAt } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { before } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { endOf, wasAttempted } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, fail, inconclusive, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "If the forwarded response was a final response, the proxy MUST generate a CANCEL request for all pending client transactions
// associated with this response context." (RFC 3261, 16.7 step 10)
export const nothingRingsAfterEnd: Requirement = {
  id: "flow/nothing-rings-after-end",
  title: "A call that is over for its caller reaches no phone any more",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.7",
      "If the forwarded response was a final response, the proxy MUST generate a CANCEL request for all pending client transactions associated with this response context.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: CallView): Verdict {
  const end = endOf(call);
  // What follows a CANCEL is judged by itself: there an INVITE may come and be cancelled.
  if (end === undefined || end.how === "cancel" || !wasAttempted(call)) return notExercised;
  const later = call.branches
    .filter(({ invite }) => invite.event.seq > end.event.seq)
    .map(({ invite }) => invite.event);
  const violation = later.find((invite) => before(end.event, invite) === "yes");
  if (violation !== undefined) {
    return fail({
      mismatch: "rings-after-end",
      basis: "order",
      expected: `no INVITE of ${call.ref} after it was over for its caller`,
      actual: `an INVITE at ${violation.phone} ${Math.round(violation.atMs - end.event.atMs)} ms later`,
      evidence: [end.event, violation],
    });
  }
  if (later.length > 0) return inconclusive("an INVITE at a phone crossed the end of its call");
  const last = trace.events.at(-1);
  const reachable = last !== undefined && call.phones.some((phone) => isUpAt(phone, last));
  return reachable ? passUnlessCutShort(trace, [end.event]) : notExercised;
}
