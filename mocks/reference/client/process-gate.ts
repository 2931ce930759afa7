import type { Cancel, Timers } from "../timers.ts";

/**
 * What lets the code of one process run. While it is shut nothing runs: what comes waits, and so do timers that went off. Once
 * closed nothing runs any more.
 */
export interface ProcessGate {
  readonly timers: Timers;
  /** Runs it, now or when the gate is opened. */
  enter(run: () => void): void;
  /** Suspended. */
  shut(): void;
  /** Woken: what waited runs, in order. */
  open(): void;
  close(): void;
}

export function processGate(): ProcessGate {
  const live = new Set<NodeJS.Timeout>();
  let waiting: (() => void)[] = [];
  let state: "open" | "shut" | "closed" = "open";

  function enter(run: () => void): void {
    if (state === "open") run();
    else if (state === "shut") waiting.push(run);
  }
  const clear = (): void => {
    for (const timer of live) clearTimeout(timer);
    live.clear();
  };

  return {
    timers: {
      after(delayMs, run): Cancel {
        let isOver = false;
        const timer = setTimeout(() => {
          live.delete(timer);
          enter(() => {
            if (!isOver) run();
            isOver = true;
          });
        }, delayMs);
        live.add(timer);
        return () => {
          isOver = true;
          clearTimeout(timer);
          live.delete(timer);
        };
      },
      clear,
    },
    enter,
    shut() {
      if (state === "open") state = "shut";
    },
    open() {
      if (state !== "shut") return;
      state = "open";
      const due = waiting;
      waiting = [];
      for (const run of due) enter(run);
    },
    close() {
      state = "closed";
      waiting = [];
      clear();
    },
  };
}
