import { messageOf } from "../../harness/errors.ts";

/** RFC 3261 section 17.1.1.1 and table 4 (appendix A). */
export const T1_MS = 500;
export const T2_MS = 4_000;
export const T4_MS = 5_000;
/** How long a transaction waits for its other end (timers B, F, H). */
export const TRANSACTION_TIMEOUT_MS = 64 * T1_MS;

/** Timers that end together; what a callback throws is reported, never thrown into the event loop. */
export interface TimerGroup {
  after(delayMs: number, callback: () => void): () => void;
  /** Calls back after T1, 2 T1, 4 T1, ... (each at most `capMs` apart) until it returns false or is cancelled. */
  backingOff(capMs: number, callback: () => boolean): () => void;
  clear(): void;
}

export function timerGroup(onFault: (message: string) => void): TimerGroup {
  const running = new Set<NodeJS.Timeout>();
  let cleared = false;

  function after(delayMs: number, callback: () => void): () => void {
    if (cleared) return () => {};
    const timer = setTimeout(() => {
      running.delete(timer);
      try {
        callback();
      } catch (error) {
        onFault(`SIP timer: ${messageOf(error)}`);
      }
    }, delayMs);
    running.add(timer);
    return () => {
      clearTimeout(timer);
      running.delete(timer);
    };
  }

  function backingOff(capMs: number, callback: () => boolean): () => void {
    let delayMs = T1_MS;
    let cancel = after(delayMs, again);
    let cancelled = false;
    function again(): void {
      if (cancelled || !callback()) return;
      delayMs = Math.min(2 * delayMs, capMs);
      if (!cancelled) cancel = after(delayMs, again);
    }
    return () => {
      cancelled = true;
      cancel();
    };
  }

  return {
    after,
    backingOff,
    clear() {
      cleared = true;
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}
