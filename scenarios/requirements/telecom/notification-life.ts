import type { NotificationView } from "../../../harness/judge/client-view-android.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";

/** From when on it offers nothing about a call any more: cancelled, or turned into a note without actions. */
export function goneSince({ versions, cancelled }: NotificationView): TraceEvent | undefined {
  const lastOffer = versions.findLast(({ actions }) => actions.length > 0);
  const note = versions.find(({ seq }) => lastOffer === undefined || seq > lastOffer.seq);
  return note ?? cancelled;
}

export function isGone(notification: NotificationView, event: TraceEvent): boolean {
  const gone = goneSince(notification);
  return gone !== undefined && gone.seq < event.seq;
}
