import type { Clock } from "../../harness/clock/clock.ts";

/** Things that have to be over within one same time, watched by one timer. */
export interface OverdueWatch<T> {
  /** Its time runs from now, also when it ran already. */
  begin(item: T): void;
  end(item: T): void;
  /** Forgets all of them; nothing is called back any more. */
  stop(): void;
}

/** Something that has to be over in time. */
export interface Timed {
  /** When its time began to run, in monotonic milliseconds; undefined: it does not run. */
  sinceMs: number | undefined;
}

/** Watches things that somebody else keeps, and that come and go too fast to be kept twice. */
export interface OverdueLook {
  /** Called when the time of one of them begins to run. */
  begun(): void;
  /** Nothing is called back any more. */
  stop(): void;
}

/** Calls back for each thing whose time has run for `limitMs`; its time runs no longer then. */
export function overdueLook<T extends Timed>(
  limitMs: number,
  clock: Clock,
  things: () => Iterable<T>,
  onOverdue: (thing: T) => void,
): OverdueLook {
  let cancel: (() => void) | undefined;
  let isStopped = false;

  function look(): void {
    const nowMs = clock.now();
    let leftMs = Infinity;
    for (const thing of things()) {
      if (isStopped) return;
      if (thing.sinceMs === undefined) continue;
      const thingLeftMs = thing.sinceMs + limitMs - nowMs;
      if (thingLeftMs > 0) leftMs = Math.min(leftMs, thingLeftMs);
      else {
        thing.sinceMs = undefined;
        onOverdue(thing);
      }
    }
    cancel = leftMs === Infinity || isStopped ? undefined : clock.after(leftMs, look);
  }

  return {
    begun() {
      if (!isStopped) cancel ??= clock.after(limitMs, look);
    },
    stop() {
      isStopped = true;
      cancel?.();
      cancel = undefined;
    },
  };
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
