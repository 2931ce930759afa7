import type { Clock } from "../../harness/clock/clock.ts";

/** Things that have to be over within one same time, watched by one timer. */
export interface OverdueWatch<T> {
  /** Its time runs from now, also when it ran already. */
  begin(item: T): void;
  end(item: T): void;
  /** Forgets all of them; nothing is called back any more. */
  stop(): void;
}

/** Calls back for each thing that was not over `limitMs` after it began. */
export function overdueWatch<T>(limitMs: number, clock: Clock, onOverdue: (item: T) => void): OverdueWatch<T> {
  // In the order in which they began, so the first is the next due.
  const begun = new Map<T, number>();
  let cancel: (() => void) | undefined;
  let isLooking = false;
  let isStopped = false;

  function look(): void {
    cancel = undefined;
    isLooking = true;
    for (const [item, sinceMs] of begun) {
      const leftMs = sinceMs + limitMs - clock.now();
      if (leftMs > 0) {
        cancel = clock.after(leftMs, look);
        break;
      }
      begun.delete(item);
      onOverdue(item);
      if (isStopped) break;
    }
    isLooking = false;
  }

  return {
    begin(item) {
      if (isStopped) return;
      begun.delete(item);
      begun.set(item, clock.now());
      if (!isLooking) cancel ??= clock.after(limitMs, look);
    },
    end: (item) => void begun.delete(item),
    stop() {
      isStopped = true;
      begun.clear();
      cancel?.();
      cancel = undefined;
    },
  };
}
