import { isFlowUpAt } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { before } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { cancellableFrom, cancelOf, endOf, wasAttempted } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { flowDownOf } from "./flow-down-of.ts";
import { conclude, judgeDemand, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "A proxy MUST cancel any pending client transactions associated with a response context when it receives a matching CANCEL request."
// (RFC 3261, 16.10)
export const noInviteAfterEnd: Requirement = {
  id: "flow/no-invite-after-end",
  title: "After the caller hung up no phone is left ringing by an INVITE that comes later",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.10",
      "A proxy MUST cancel any pending client transactions associated with a response context when it receives a matching CANCEL request.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).map((call) => {
        const cancelled = cancelOf(call);
        if (cancelled === undefined || call.caller.answer !== undefined || !wasAttempted(call)) return notExercised;
        return conclude([...lateInvites(trace, call, cancelled), lateWakeUp(trace, call, cancelled)]);
      }),
    ),
};

function lateInvites(trace: Trace, call: CallView, cancelled: TraceEvent): readonly Verdict[] {
  const end = endOf(call)?.event;
  return call.branches
    .filter(({ invite }) => invite.event.seq > cancelled.seq)
    .map((branch) => {
      const phone = call.phones.find(({ ref }) => ref === branch.phone);
      const rings = cancellableFrom(branch);
      if (phone === undefined || rings === undefined || !isFlowUpAt(phone, branch.flow, branch.invite.event))
        return notExercised;
      // The phone's own final response only takes the CANCEL's place where INVITE and CANCEL crossed.
      const crossed = end === undefined || before(end, branch.invite.event) !== "yes";
      return judgeDemand(trace, {
        what: `the CANCEL at ${branch.phone} for an INVITE after the caller hung up`,
        from: rings,
        limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
        met: branch.cancels[0]?.event,
        excuses: [crossed ? branch.final?.event : undefined, flowDownOf(phone, branch)],
        missing: "invite-after-end",
        expected: `no INVITE of ${call.ref} at ${branch.phone}, or a CANCEL right after it: the caller had hung up`,
      });
    });
}

/** The trap was open: a phone came back for the call after its end, or stayed unrung. */
function lateWakeUp(trace: Trace, call: CallView, cancelled: TraceEvent): Verdict {
  const woken = call.phones
    .flatMap(({ registrations }) => registrations)
    .find(({ removes, accepted, request }) => !removes && accepted !== undefined && request.event.seq > cancelled.seq);
  if (woken === undefined || call.branches.some(({ invite }) => invite.event.seq > cancelled.seq)) return notExercised;
  return passUnlessCutShort(trace, [cancelled, woken.request.event]);
}
