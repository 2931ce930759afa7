import type { Clock } from "../../harness/clock/clock.ts";

export interface AudioSessionOptions {
  readonly clock: Clock;
  readonly activationMs: number;
  readonly mayActivate: () => boolean;
  readonly onActivated: () => void;
  readonly onDeactivated: () => void;
}

/**
 * The audio session of the calls. The app configures it, the system activates it, some time after the action that asked for it
 * was fulfilled (never before), and deactivates it once no call wants it any more: ended or on hold.
 */
export interface AudioSession {
  isActive(): boolean;
  /** Some call that was answered or started wants audio, or none does. */
  want(wanted: boolean): void;
  /** Silently: whoever was told of it is gone, or knows. */
  drop(): void;
}

export function audioSession(options: AudioSessionOptions): AudioSession {
  let isActive = false;
  let cancelActivation: (() => void) | undefined;

  const stopWaiting = (): void => {
    cancelActivation?.();
    cancelActivation = undefined;
  };
  return {
    isActive() {
      return isActive;
    },
    want(wanted) {
      if (!wanted) {
        stopWaiting();
        if (!isActive) return;
        isActive = false;
        return options.onDeactivated();
      }
      if (isActive || cancelActivation !== undefined) return;
      cancelActivation = options.clock.after(options.activationMs, () => {
        cancelActivation = undefined;
        if (!options.mayActivate()) return;
        isActive = true;
        options.onActivated();
      });
    },
    drop() {
      stopWaiting();
      isActive = false;
    },
  };
}
