/** A timer in a queue. */
export interface QueuedTimer {
  readonly id: number;
  atMs: number;
  /** From when it was set to when it is due. */
  readonly delayMs: number;
  readonly everyMs: number | undefined;
  /** Undefined: it was removed, or it has run. */
  callback: (() => void) | undefined;
}

/** Timers by when they are due; of those due at once, the one set first comes first. */
export interface TimerQueue {
  add(atMs: number, delayMs: number, callback: () => void, everyMs?: number): QueuedTimer;
  remove(timer: QueuedTimer): void;
  removeById(id: number): void;
  /** The next one, which leaves the queue unless it is an interval. */
  takeNext(): { readonly atMs: number; readonly callback: () => void } | undefined;
  readonly size: number;
  /** When the next one is due; infinite where there is none. */
  readonly nextAtMs: number;
  /** Whether every timer is one of those. */
  isWithin(some: ReadonlySet<number>): boolean;
  /** What each was set for, by its id. */
  delays(): ReadonlyMap<number, number>;
  clear(): void;
}

/** A binary heap; what is removed stays in it, marked, until it would be next. */
export function timerQueue(): TimerQueue {
  let heap: QueuedTimer[] = [];
  const live = new Map<number, QueuedTimer>();
  let ids = 0;

  const comesBefore = (a: QueuedTimer, b: QueuedTimer): boolean =>
    a.atMs < b.atMs || (a.atMs === b.atMs && a.id < b.id);

  function push(timer: QueuedTimer): void {
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  function pop(): QueuedTimer | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && comesBefore(heap[right]!, heap[left]!) ? right : left;
      if (!comesBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }

  const remove = (timer: QueuedTimer): void => {
    // It may stay in the heap for long; what it would have run need not.
    timer.callback = undefined;
    live.delete(timer.id);
  };

  return {
    add(atMs, delayMs, callback, everyMs) {
      ids += 1;
      const timer: QueuedTimer = { id: ids, atMs, delayMs, everyMs, callback };
      live.set(timer.id, timer);
      push(timer);
      return timer;
    },
    remove,
    removeById(id) {
      const timer = live.get(id);
      if (timer !== undefined) remove(timer);
    },
    takeNext() {
      for (let timer = pop(); timer !== undefined; timer = pop()) {
        const { atMs, everyMs, callback } = timer;
        if (callback === undefined) continue;
        if (everyMs === undefined) remove(timer);
        else {
          // The same timer again, so that whoever holds it can stop it.
          timer.atMs = atMs + Math.max(1, everyMs);
          push(timer);
        }
        return { atMs, callback };
      }
      return undefined;
    },
    get size() {
      return live.size;
    },
    get nextAtMs() {
      for (;;) {
        const [next] = heap;
        if (next === undefined) return Number.POSITIVE_INFINITY;
        if (next.callback !== undefined) return next.atMs;
        pop();
      }
    },
    isWithin(some) {
      if (live.size > some.size) return false;
      for (const id of live.keys()) if (!some.has(id)) return false;
      return true;
    },
    delays: () => new Map([...live].map(([id, { delayMs }]) => [id, delayMs])),
    clear() {
      heap = [];
      live.clear();
    },
  };
}
