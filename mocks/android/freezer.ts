import type { Clock } from "../../harness/clock/clock.ts";

/**
 * Freezes an app in the background that nothing has kept running for a while (Android Open Source Project, "Cached apps
 * freezer"). Tell it each time that may have changed.
 */
export function freezer(clock: Clock, afterMs: number, freeze: () => void): (isIdle: boolean) => void {
  let cancel: (() => void) | undefined;
  return (isIdle) => {
    if (!isIdle || afterMs === 0) {
      cancel?.();
      cancel = undefined;
    } else
      cancel ??= clock.after(afterMs, () => {
        cancel = undefined;
        freeze();
      });
  };
}
