import type { ForegroundType } from "../../harness/trace/android-event.ts";
import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import type { AndroidNumbers } from "./android-numbers.ts";
import { foregroundRefusal, type ForegroundFacts, type ForegroundRefusal } from "./foreground-rules.ts";
import { done, thrown } from "./refusal.ts";

/** The one foreground service of a calling app. */
export interface ForegroundService {
  /** `startForegroundService`: `startForeground` is due soon. */
  announce(): AppAnswer;
  startForeground(types: readonly ForegroundType[]): AppAnswer;
  /** `stopForeground`; what was announced is still due. */
  stop(): void;
  /** The process is gone. */
  ended(why: string): void;
  /** Its time is over: it has to stop by itself within a few seconds. */
  timeOut(): void;
  isRunning(): boolean;
  types(): readonly ForegroundType[];
}

export interface ForegroundServiceOptions {
  readonly clock: Clock;
  readonly numbers: AndroidNumbers;
  readonly emit: EmitAndroidEvent;
  readonly facts: () => Omit<ForegroundFacts, "isForegroundService">;
  /** The app has broken a rule and its process ends. */
  readonly crash: (why: string) => void;
  readonly onChange: () => void;
}

export function foregroundService(options: ForegroundServiceOptions): ForegroundService {
  const { clock, numbers, emit, facts, crash, onChange } = options;
  let running: readonly ForegroundType[] | undefined;
  let cancelDue: (() => void) | undefined;
  let cancelStop: (() => void) | undefined;

  const refused = (types: readonly ForegroundType[], refusal: ForegroundRefusal): AppAnswer => {
    emit({ kind: "service.refused", types, ...refusal });
    return thrown(refusal.exception, refusal.why);
  };

  const stop = (why: string): void => {
    cancelStop?.();
    cancelStop = undefined;
    if (running === undefined) return;
    running = undefined;
    emit({ kind: "service.stopped", why });
    onChange();
  };

  return {
    announce() {
      // Types are named by startForeground only, and looked at there.
      const isForegroundService = running !== undefined;
      const refusal = foregroundRefusal(["phoneCall"], { ...facts(), manageOwnCalls: true, isForegroundService });
      if (refusal !== undefined) return refused([], refusal);
      cancelDue ??= clock.after(numbers.startForegroundMs, () => {
        cancelDue = undefined;
        crash("ForegroundServiceDidNotStartInTimeException");
      });
      return done;
    },
    startForeground(types) {
      const refusal = foregroundRefusal(types, { ...facts(), isForegroundService: running !== undefined });
      if (refusal !== undefined) return refused(types, refusal);
      cancelDue?.();
      cancelDue = undefined;
      running = types;
      emit({ kind: "service.started", types });
      onChange();
      return done;
    },
    stop: () => stop("the app stopped it"),
    ended(why) {
      cancelDue?.();
      cancelDue = undefined;
      stop(why);
    },
    timeOut() {
      if (running === undefined || cancelStop !== undefined) return;
      emit({ kind: "service.timed-out" });
      cancelStop = clock.after(numbers.serviceStopMs, () => {
        cancelStop = undefined;
        crash("ForegroundServiceDidNotStopInTimeException");
      });
    },
    isRunning() {
      return running !== undefined;
    },
    types() {
      return running ?? [];
    },
  };
}
