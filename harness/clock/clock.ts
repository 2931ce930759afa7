/** Time as a parameter: nothing below the CLI reads the system's clock itself. */
export interface Clock {
  /** Monotonic milliseconds since the clock was made. */
  now(): number;
  /** Epoch milliseconds at `now() === 0`. */
  readonly epochMs: number;
  /** Calls back once after `delayMs`; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The real clock, for anything with sockets. */
export function liveClock(): Clock {
  const start = performance.now();
  return {
    epochMs: Date.now(),
    now: () => performance.now() - start,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
