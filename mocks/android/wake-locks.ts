import type { EmitAndroidEvent } from "./emit-android-event.ts";

/** The wake locks the app holds; they end with its process. */
export interface WakeLocks {
  acquire(): void;
  /** Of none: nothing happens. */
  release(): void;
  releaseAll(): void;
  held(): number;
}

export function wakeLocks(emit: EmitAndroidEvent): WakeLocks {
  let held = 0;
  const release = (): void => {
    if (held === 0) return;
    held -= 1;
    emit({ kind: "wake-lock.released", held });
  };
  return {
    acquire() {
      held += 1;
      emit({ kind: "wake-lock.acquired", held });
    },
    release,
    releaseAll() {
      for (let left = held; left > 0; left -= 1) release();
    },
    held() {
      return held;
    },
  };
}
