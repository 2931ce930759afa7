import type { Branch } from "../../../harness/judge/call-view-branches.ts";
import type { PhoneView } from "../../../harness/judge/call-view-phones.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";

/** When the socket a branch came over was closed or went silent after its INVITE: nothing can reach the phone over it any more. */
export function flowDownOf(phone: PhoneView, branch: Branch): TraceEvent | undefined {
  const down = phone.flows.find(({ flow }) => flow === branch.flow)?.down;
  return down !== undefined && down.seq > branch.invite.event.seq ? down : undefined;
}
