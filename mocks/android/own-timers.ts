import type { Clock } from "../../harness/clock/clock.ts";

/** A clock that can be stopped. */
export interface OwnTimers {
  readonly clock: Clock;
  /** Cancels every timer; it takes no more. */
  close(): void;
}

export function ownTimers(outer: Clock): OwnTimers {
  const timers = new Set<() => void>();
  let isClosed = false;
  return {
    clock: {
      now: () => outer.now(),
      epochMs: outer.epochMs,
      after(delayMs, callback) {
        if (isClosed) return () => {};
        const cancelOuter = outer.after(delayMs, () => {
          timers.delete(cancel);
          callback();
        });
        const cancel = (): void => {
          timers.delete(cancel);
          cancelOuter();
        };
        timers.add(cancel);
        return cancel;
      },
    },
    close() {
      isClosed = true;
      for (const cancel of timers) cancel();
    },
  };
}
