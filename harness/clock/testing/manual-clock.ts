import type { Clock } from "../clock.ts";

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
      const endMs = nowMs + ms;
      for (let next = due[0]; next !== undefined && next.atMs <= endMs; next = due[0]) {
        due = due.slice(1);
        nowMs = next.atMs;
        next.callback();
      }
      nowMs = endMs;
    },
    pending: () => due.length,
  };
}
