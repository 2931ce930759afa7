import type { CallView } from "../../../harness/judge/call-view.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";

/** The first REGISTER of any phone of the account after the call was placed. */
export function cameBack(call: CallView): TraceEvent | undefined {
  return call.phones
    .flatMap(({ registrations }) => registrations)
    .filter(({ removes, request }) => !removes && request.event.seq > call.placed.seq)
    .map(({ request }) => request.event)
    .toSorted((a, b) => a.seq - b.seq)[0];
}
