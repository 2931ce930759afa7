import { setMaxListeners } from "node:events";

/** An abort of one's own that also follows others. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(): void;
  /** Follows nobody any more and stops the timer. To be called once the work is over. */
  release(): void;
}

/**
 * Aborts with the first of `signals`, after `afterMs` of real time, or when told to. In the place of
 * `AbortSignal.any([..., AbortSignal.timeout(ms)])`, whose parts Node may collect as garbage before they fire: the
 * composite then never aborts, and whoever waits for it hangs.
 */
export function linkedAbort(signals: readonly AbortSignal[], afterMs?: number): LinkedAbort {
  const own = new AbortController();
  const abort = (): void => own.abort();
  const timer = afterMs === undefined ? undefined : setTimeout(abort, afterMs);
  for (const signal of signals) {
    // As many listeners as there are cases at work: not the leak Node would warn of.
    setMaxListeners(0, signal);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
  }
  return {
    signal: own.signal,
    abort,
    release() {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    },
  };
}
