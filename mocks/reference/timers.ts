/** Takes a timer back; harmless after it fired. */
export type Cancel = () => void;

/** The timers of one server, so that closing it leaves none behind. */
export interface Timers {
  after(delayMs: number, run: () => void): Cancel;
  clear(): void;
}

export function timerSet(): Timers {
  const live = new Set<NodeJS.Timeout>();
  return {
    after: (delayMs, run) => {
      const timer = setTimeout(() => {
        live.delete(timer);
        run();
      }, delayMs);
      live.add(timer);
      return () => {
        clearTimeout(timer);
        live.delete(timer);
      };
    },
    clear: () => {
      for (const timer of live) clearTimeout(timer);
      live.clear();
    },
  };
}
