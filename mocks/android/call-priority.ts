import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import type { AndroidNumbers } from "./android-numbers.ts";

/** For which calls Telecom keeps the app in the foreground. */
export interface CallPriority {
  /** Calls or notifications have changed. */
  check(): void;
  /** At least one live call has it. */
  isGranted(): boolean;
}

export interface CallPriorityOptions {
  readonly clock: Clock;
  readonly numbers: AndroidNumbers;
  readonly emit: EmitAndroidEvent;
  /** Ids of the live calls the app shows itself. */
  readonly calls: () => readonly string[];
  readonly hasCallStyle: (connectionId: string) => boolean;
  /** It was lost or regained. */
  readonly onChange: () => void;
}

/**
 * Telecom keeps an app in the foreground for a call as long as a CallStyle notification stands beside it, and for a grace
 * without one: when the call is new, and after the notification was removed (AOSP `VoipCallMonitor`).
 */
export function callPriority({
  clock,
  numbers,
  emit,
  calls,
  hasCallStyle,
  onChange,
}: CallPriorityOptions): CallPriority {
  const graces = new Map<string, { readonly cancel: () => void; isOver: boolean }>();

  return {
    check() {
      const live = new Set(calls());
      for (const [connectionId, { cancel }] of graces) {
        if (live.has(connectionId)) continue;
        cancel();
        graces.delete(connectionId);
      }
      for (const connectionId of live) {
        const grace = graces.get(connectionId);
        if (hasCallStyle(connectionId)) {
          grace?.cancel();
          graces.delete(connectionId);
          if (grace?.isOver === true) emit({ kind: "telecom.priority-regained", connectionId });
        } else if (grace === undefined) {
          const begun = {
            isOver: false,
            cancel: clock.after(numbers.callStyleGraceMs, () => {
              begun.isOver = true;
              emit({ kind: "telecom.priority-lost", connectionId });
              onChange();
            }),
          };
          graces.set(connectionId, begun);
        }
      }
    },
    isGranted() {
      return calls().some((connectionId) => graces.get(connectionId)?.isOver !== true);
    },
  };
}
