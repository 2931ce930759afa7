import { firstOf } from "../../harness/judge/client-view-order.ts";
import { linkRequests } from "../../harness/judge/client-view-link.ts";
import { remoteEndOf } from "../../harness/judge/client-view-legs.ts";
import type { ClientCall, ClientPhone } from "../../harness/judge/client-view.ts";
import { eventsOf } from "../../harness/trace/query.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";
import type { Trace } from "../../harness/trace/trace.ts";

/** When a call was over as its app could know: its caller or its user ended it, or the app itself refused it or hung up. */
export function overSince({ legs, acts, shown }: ClientCall): TraceEvent | undefined {
  // What is left of the call of a process that has ended may still be tapped, and nobody knows what it was about.
  const isThere = (act: TraceEvent) =>
    !shown.some(({ since }) => since.seq < act.seq) ||
    shown.some(({ since, ended }) => since.seq < act.seq && (ended === undefined || ended.event.seq > act.seq));
  return firstOf<TraceEvent>([
    remoteEndOf(legs)?.event,
    ...acts.filter(({ kind }) => kind === "user.declined" || kind === "user.hung-up").filter(isThere),
    ...legs.map(({ final }) =>
      final !== undefined && final.sip.status >= 300 && final.sip.status !== mergedStatus ? final.event : undefined,
    ),
    ...legs.map(({ byesSent }) => byesSent[0]?.request.event),
  ]);
}

/** The app was started anew between the two: of what was over it knows nothing. */
export function isForgotten(trace: Trace, { ref }: ClientPhone, over: TraceEvent, event: TraceEvent): boolean {
  return eventsOf(trace, "app.launched").some(({ phone, seq }) => phone === ref && seq > over.seq && seq < event.seq);
}

/** The app ended the call on the phone because the network that its INVITE came over is gone: a ringing call need not outlive it. */
export function cutOff(trace: Trace, { phone, legs, shown }: ClientCall): TraceEvent | undefined {
  const invited = firstOf(legs.map(({ invite }) => invite.arrived))?.seq ?? Infinity;
  const changed = linkRequests(trace, phone.ref).find(
    ({ method, event }) => method === "network.changed" && event.seq > invited,
  )?.event;
  return changed === undefined
    ? undefined
    : firstOf(shown.map(({ ended }) => ended?.event).filter((event) => event !== undefined && event.seq > changed.seq));
}

/** 482 rejects a second branch, not the call (RFC 3261, 8.2.2.2). */
const mergedStatus = 482;
