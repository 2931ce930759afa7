import { methodOf } from "../wire/headers.ts";
import { readMessage } from "../wire/read-message.ts";
import type { NotSip, SipMessage } from "../wire/sip-message.ts";
import { eventsOf } from "./query.ts";
import type { CallRef, EventOf, Lane, PhoneRef, SipEvent } from "./trace-event.ts";
import type { Trace } from "./trace.ts";

/** The message of a SIP event, read once. */
export function sipOf({ bytes }: SipEvent): SipMessage | NotSip {
  return readMessage(bytes);
}

/** Everything given must hold. `method` of a response is that of its CSeq. */
export interface SipFilter {
  readonly by?: "target" | "world";
  /** One end of it. */
  readonly lane?: Lane;
  readonly phone?: PhoneRef;
  readonly call?: CallRef;
  readonly flow?: string;
  readonly kind?: "request" | "response";
  readonly method?: string;
  readonly status?: number;
}

/** The SIP events of a trace in order, those that match. */
export function sipEvents(trace: Trace, filter: SipFilter = {}): readonly EventOf<"sip">[] {
  return eventsOf(trace, "sip").filter((event) => matches(event, filter));
}

function matches(event: EventOf<"sip">, filter: SipFilter): boolean {
  if (filter.by !== undefined && event.by !== filter.by) return false;
  if (filter.lane !== undefined && event.from !== filter.lane && event.to !== filter.lane) return false;
  if (filter.phone !== undefined && event.phone !== filter.phone) return false;
  if (filter.call !== undefined && event.call !== filter.call) return false;
  if (filter.flow !== undefined && event.flow !== filter.flow) return false;
  if (filter.kind === undefined && filter.method === undefined && filter.status === undefined) return true;
  const message = sipOf(event);
  if (message.kind === "not-sip") return false;
  if (filter.kind !== undefined && message.kind !== filter.kind) return false;
  if (filter.method !== undefined && methodOf(message) !== filter.method) return false;
  return filter.status === undefined || (message.kind === "response" && message.status === filter.status);
}
