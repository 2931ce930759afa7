import { oncePer } from "../once-per.ts";
import type { EventKind, EventOf, TraceEvent } from "./trace-event.ts";
import type { Trace } from "./trace.ts";

/** `undecidable` makes a verdict inconclusive, never a fail: a busy host is not a failed target. */
export type Answer = "yes" | "no" | "undecidable";

/** Bytes on two sockets may be seen in the wrong order by as much. */
export const SOCKET_ORDER_TOLERANCE_MS = 50;

const byKind = oncePer(({ events }: Trace): ReadonlyMap<EventKind, readonly TraceEvent[]> => {
  const kinds = new Map<EventKind, TraceEvent[]>();
  for (const event of events) {
    const known = kinds.get(event.kind);
    if (known === undefined) kinds.set(event.kind, [event]);
    else known.push(event);
  }
  return kinds;
});
const none: readonly TraceEvent[] = [];

/** The events of one kind in order. */
export function eventsOf<K extends EventKind>(trace: Trace, kind: K): readonly EventOf<K>[] {
  return (byKind(trace).get(kind) ?? none) as readonly EventOf<K>[];
}

/**
 * Did `a` come before `b`? Their `seq` decides where it is the true order: on one flow, connection or push, between two doings of our own,
 * along causes, and where something of the target was seen before we did something. Otherwise the arrival windows `[atMs - lagMs, atMs]`
 * must lie further apart than the tolerance. Causes are followed one step, or all the way where the trace is given.
 */
export function before(a: TraceEvent, b: TraceEvent, trace?: Trace): Answer {
  if (a.seq === b.seq) return "no";
  const bySeq = a.seq < b.seq ? "yes" : "no";
  const [first, second] = a.seq < b.seq ? [a, b] : [b, a];
  if (second.by === "world" || sameChannel(first, second) || leadsTo(first, second, trace)) return bySeq;
  if (a.atMs + SOCKET_ORDER_TOLERANCE_MS <= b.atMs - b.lagMs) return "yes";
  if (b.atMs + SOCKET_ORDER_TOLERANCE_MS <= a.atMs - a.lagMs) return "no";
  return "undecidable";
}

/**
 * Did `b` come at most `ms` after `a`? Yes also where it came earlier. The time between them is only known up to their arrival windows:
 * undecidable where the limit lies inside.
 */
export function within(a: TraceEvent, b: TraceEvent, ms: number): Answer {
  const shortest = b.atMs - b.lagMs - a.atMs;
  const longest = b.atMs - (a.atMs - a.lagMs);
  if (longest <= ms) return "yes";
  return shortest > ms ? "no" : "undecidable";
}

function sameChannel(a: TraceEvent, b: TraceEvent): boolean {
  return (
    ("flow" in a && "flow" in b && a.flow === b.flow) ||
    ("connection" in a && "connection" in b && a.connection === b.connection) ||
    ("push" in a && "push" in b && a.push === b.push)
  );
}

function leadsTo(first: TraceEvent, second: TraceEvent, trace: Trace | undefined): boolean {
  let cause = second.cause;
  // A cause always has a smaller seq, so this ends.
  while (cause !== undefined && cause >= first.seq) {
    if (cause === first.seq) return true;
    const next: number | undefined = trace?.events[cause]?.cause;
    cause = next !== undefined && next < cause ? next : undefined;
  }
  return false;
}
