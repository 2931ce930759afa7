import type { Clock } from "../clock/clock.ts";
import type { Envelope, EventBody, TraceEvent } from "./trace-event.ts";

/** What is told to the recorder; it adds the rest. `atMs` only where an event was seen at another time than now. */
export type EventInput = Omit<Envelope, "seq" | "atMs" | "lagMs"> & EventBody & { readonly atMs?: number };

export interface TraceRecorder {
  /** Stores an event and tells every listener. */
  record(input: EventInput): TraceEvent;
  /** Everything recorded so far, in `seq` order; it grows. */
  readonly events: readonly TraceEvent[];
  /** Calls back for every later event; returns what ends that. */
  onEvent(listener: (event: TraceEvent) => void): () => void;
}

/**
 * The one writer of a trace. Listeners are called at once, after the event is stored. What a listener records is stored at once too but
 * told after the event at hand went to everybody, so that every listener sees every event in `seq` order.
 * `lagMs` is asked for events of the target only: our own doing happens when it is recorded.
 */
export function traceRecorder(options: {
  readonly clock: Pick<Clock, "now">;
  readonly lagMs: () => number;
}): TraceRecorder {
  const events: TraceEvent[] = [];
  const listeners = new Set<(event: TraceEvent) => void>();
  let told = 0;
  let telling = false;

  function tell(): void {
    if (telling) return;
    telling = true;
    const failures: unknown[] = [];
    try {
      for (let event = events[told]; event !== undefined; event = events[told]) {
        told += 1;
        for (const listener of listeners) {
          try {
            listener(event);
          } catch (error) {
            // One broken listener must not keep the others, or later events, from being told.
            failures.push(error);
          }
        }
      }
    } finally {
      telling = false;
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    events,
    record(input) {
      const event: TraceEvent = {
        ...input,
        seq: events.length,
        atMs: input.atMs ?? options.clock.now(),
        lagMs: input.by === "target" ? options.lagMs() : 0,
      };
      events.push(event);
      tell();
      return event;
    },
    onEvent(listener) {
      const own = (event: TraceEvent): void => listener(event);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
