import { isFlowUpAt, isUpAt } from "../../../harness/judge/call-view-phones.ts";
import type { CallView } from "../../../harness/judge/call-view.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";

/**
 * The call may have a branch nobody will answer any more: its INVITE reached a silent phone, the phone went away after it, or, where
 * old contacts are tried over UDP, it went to a closed socket and no trace shows it. Such a branch ends by time-out only.
 */
export function mayHaveDeadBranch(trace: Trace, call: CallView, at: TraceEvent): boolean {
  const visible = call.branches.some((branch) => {
    if (branch.final !== undefined && branch.final.event.seq < at.seq) return false;
    const phone = call.phones.find(({ ref }) => ref === branch.phone);
    return branch.provisional === undefined || phone === undefined || !isFlowUpAt(phone, branch.flow, at);
  });
  const invisible =
    trace.facts.features.delivery === "parallel" &&
    call.phones.some((phone) => phone.transport === "udp" && !isUpAt(phone, call.placed));
  return visible || invisible;
}
