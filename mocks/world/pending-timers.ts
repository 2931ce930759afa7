import type { Clock } from "../../harness/clock/clock.ts";

/** What one case still has to do by itself; while anything is pending, the case does not end. */
export interface PendingTimers {
  /** Calls back after `delayMs`, unless closed before; 0 still waits until what is being done now is done. */
  after(delayMs: number, callback: () => void): void;
  /** Calls back after `delayMs` if the case is still going on then; it does not wait for that. */
  meanwhile(delayMs: number, callback: () => void): void;
  /** Something else is pending until the returned function is called. */
  hold(): () => void;
  pending(): number;
  close(): void;
}

export function pendingTimers(clock: Clock, onSettled: () => void): PendingTimers {
  const cancels = new Set<() => void>();
  const meanwhiles = new Set<() => void>();
  let closed = false;

  function add(cancel: () => void, then?: () => void): () => void {
    const entry = (): void => cancel();
    cancels.add(entry);
    return () => {
      if (!cancels.delete(entry)) return;
      then?.();
      onSettled();
    };
  }

  return {
    after(delayMs, callback) {
      if (closed) return;
      let cancelTimer = (): void => {};
      const fire = add(() => cancelTimer(), callback);
      if (delayMs === 0) queueMicrotask(fire);
      else cancelTimer = clock.after(delayMs, fire);
    },
    meanwhile(delayMs, callback) {
      if (closed) return;
      const cancel = clock.after(delayMs, () => {
        meanwhiles.delete(cancel);
        callback();
      });
      meanwhiles.add(cancel);
    },
    hold: () => (closed ? () => {} : add(() => {})),
    pending() {
      return cancels.size;
    },
    close() {
      closed = true;
      for (const cancel of [...cancels, ...meanwhiles]) cancel();
      cancels.clear();
      meanwhiles.clear();
    },
  };
}
