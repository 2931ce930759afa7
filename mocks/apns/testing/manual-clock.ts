import type { Clock } from "../../../harness/clock/clock.ts";

/** A clock that stands still until it is moved; what is due is then called in order. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** How many calls are still due. */
  pending(): number;
}

export function manualClock(epochMs: number): ManualClock {
  let nowMs = 0;
  let due: readonly { readonly atMs: number; readonly callback: () => void }[] = [];
  return {
    epochMs,
    now: () => nowMs,
    after(delayMs, callback) {
      const entry = { atMs: nowMs + delayMs, callback };
      due = [...due, entry].sort((a, b) => a.atMs - b.atMs);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      nowMs += ms;
      const ripe = due.filter(({ atMs }) => atMs <= nowMs);
      due = due.filter(({ atMs }) => atMs > nowMs);
      for (const { callback } of ripe) callback();
    },
    pending: () => due.length,
  };
}
