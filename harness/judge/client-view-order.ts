import { before, type Answer } from "../trace/query.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";

/**
 * Did `a` come before `b`, in the client role? What one phone and its app do and say goes over one link, so `seq` is its true order;
 * between the link and SIP it is only known where one led to the other, where we did the later one, or beyond the tolerance.
 */
export function cameBefore(trace: Trace, a: TraceEvent, b: TraceEvent): Answer {
  if (isOfPhone(a) && isOfPhone(b) && a.phone === b.phone) return a.seq < b.seq ? "yes" : "no";
  return before(a, b, trace);
}

/**
 * Whether `event` waited for `gate`, which had to come first: `no` also where the gate never came. What was seen in the right order
 * is taken for it; only what was seen in the wrong order is doubted within the tolerance.
 */
export function waitedFor(trace: Trace, event: TraceEvent, gate: TraceEvent | undefined): Answer {
  if (gate === undefined) return "no";
  if (gate.seq < event.seq) return "yes";
  return cameBefore(trace, event, gate) === "yes" ? "no" : "undecidable";
}

/** The first of them, by `seq`. */
export function firstOf<E extends TraceEvent>(events: readonly (E | undefined)[]): E | undefined {
  return events.reduce<E | undefined>(
    (first, event) => (event !== undefined && (first === undefined || event.seq < first.seq) ? event : first),
    undefined,
  );
}

function isOfPhone(event: TraceEvent): boolean {
  return event.phone !== undefined && event.kind !== "sip" && !event.kind.startsWith("flow.");
}
