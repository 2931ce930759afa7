import type { SimulatedTime } from "../../harness/clock/simulated-time.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";

/** Every transaction of SIP is over by then (RFC 3261 table 4: 64 T1), and whoever is polite about it. */
const PATIENCE_MS = 300_000;

/**
 * Whether an app leaves timers behind. A process that was terminated has none (DEVICE-LINK section 2), and once its case is over virtual time
 * must come to rest; what was set before the first case is the adapter's own.
 */
export function timersLeft(time: Pick<SimulatedTime, "drain" | "timers">): {
  /** The events of a case, and where it left timers that go on, that as well. */
  after(events: readonly TraceEvent[], atMs: number): Promise<readonly TraceEvent[]>;
} {
  const known = new Set(time.timers.keys());
  return {
    async after(events, atMs) {
      await time.drain(PATIENCE_MS, known);
      const left = [...time.timers].filter(([id]) => !known.has(id));
      if (left.length === 0) return events;
      for (const [id] of left) known.add(id);
      const delays = [...new Set(left.map(([, delayMs]) => `${delayMs} ms`))].slice(0, 5).join(", ");
      const what = left.length === 1 ? "a timer" : `${left.length} timers`;
      return [
        ...events,
        {
          seq: events.length,
          atMs,
          lagMs: 0,
          from: "target",
          to: "os",
          by: "target",
          kind: "link.problem",
          problem: "timers-left",
          why: `Its process was terminated, and ${what} it had set (${delays}) went on.`,
        },
      ];
    },
  };
}
