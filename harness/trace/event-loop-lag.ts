import { monitorEventLoopDelay } from "node:perf_hooks";

const tickMs = 5;

export interface EventLoopLag {
  /** How old bytes that are seen now can be because this process was busy: at most so many milliseconds. */
  currentMs(): number;
  /** The longest time the event loop was held up so far, in milliseconds. */
  worstMs(): number;
  close(): void;
}

/**
 * Watches the event loop of this process. The timer runs once per round of the loop: bytes seen now arrived no earlier than the round
 * before the last tick, so the time since the last tick, or that tick's own lateness, bounds their age. It keeps no process alive.
 */
export function eventLoopLag(): EventLoopLag {
  const histogram = monitorEventLoopDelay({ resolution: tickMs });
  histogram.enable();
  let lastTick = performance.now();
  let latenessOfTick = 0;
  let worst = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    latenessOfTick = Math.max(0, now - lastTick - tickMs);
    worst = Math.max(worst, latenessOfTick);
    lastTick = now;
  }, tickMs);
  timer.unref();

  function currentMs(): number {
    return Math.max(performance.now() - lastTick, latenessOfTick);
  }

  return {
    currentMs,
    worstMs() {
      // The histogram counts its own resolution in; a block that has not yet ended is in neither of the timers.
      const measured = histogram.max / 1e6 - tickMs;
      return Math.max(0, worst, currentMs() - tickMs, measured);
    },
    close() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
