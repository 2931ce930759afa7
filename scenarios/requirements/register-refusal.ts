import { messagesOf, responsesTo, type ResponseMessage } from "../../harness/judge/call-view-messages.ts";
import type { ClientPhone } from "../../harness/judge/client-view.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";

/** Asks for something else instead of refusing: credentials (RFC 3261, 22), a longer expiry (10.3). */
const askingAgain: readonly number[] = [401, 407, 423];

/** The first final refusal of a REGISTER of the phone that reached the app between two events. */
export function registerRefusal(
  trace: Trace,
  phone: ClientPhone,
  from: TraceEvent,
  until: TraceEvent | undefined,
): ResponseMessage | undefined {
  return phone.registrations
    .flatMap(({ request }) => responsesTo(request, messagesOf(trace)))
    .find(
      ({ sip, arrived }) =>
        sip.status >= 300 &&
        !askingAgain.includes(sip.status) &&
        arrived !== undefined &&
        arrived.seq > from.seq &&
        arrived.seq < (until?.seq ?? Infinity),
    );
}
