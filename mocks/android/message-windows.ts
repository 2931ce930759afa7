import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import type { AndroidNumbers } from "./android-numbers.ts";
import type { HighMessage } from "./message-priority.ts";

/** The time each message gives the app, and what the app's high messages led to. */
export interface MessageWindows {
  /** `onMessageReceived` begins. `isSeen`: the app is in sight, where a message needs no notification. */
  open(push: string, priority: "high" | "normal", isSeen: boolean): void;
  handled(push: string): void;
  failed(push: string, why: string): void;
  /** The user was shown something new: the oldest message that has not led to anything yet gets the credit. */
  shown(): void;
  /** Shown by the system itself. */
  inTray(priority: "high" | "normal"): void;
  /** The process is gone, and the handlers with it. */
  closeAll(why: string): void;
  /** A high message came a moment ago: the app may run, use the network and start a foreground service. */
  isHighOpen(): boolean;
  /** A handler may still be at work. */
  isAnyOpen(): boolean;
  /** Oldest first. */
  readonly history: readonly HighMessage[];
}

interface Window {
  readonly push: string;
  readonly priority: "high" | "normal";
  readonly atMs: number;
  readonly cancel: () => void;
  handled: boolean;
  hasReturned: boolean;
  shown: boolean;
}

export function messageWindows(
  {
    clock,
    numbers,
    emit,
  }: { readonly clock: Clock; readonly numbers: AndroidNumbers; readonly emit: EmitAndroidEvent },
  onChange: () => void,
): MessageWindows {
  const open: Window[] = [];
  const history: HighMessage[] = [];
  let highUntilMs = -Infinity;
  let cancelHigh = (): void => {};

  function close(window: Window): void {
    const at = open.indexOf(window);
    if (at === -1) return;
    open.splice(at, 1);
    window.cancel();
    const { push, handled, shown, priority, atMs } = window;
    if (priority === "high") history.push({ atMs, shown });
    emit({ kind: "message.window-closed", push, handled, shown });
    onChange();
  }

  const returning = (push: string): Window | undefined => {
    const window = open.find((one) => one.push === push && !one.hasReturned);
    if (window !== undefined) window.hasReturned = true;
    return window;
  };

  return {
    open(push, priority, isSeen) {
      const forMs = numbers.messageHandlerMs;
      const window: Window = {
        push,
        priority,
        atMs: clock.now(),
        cancel: clock.after(forMs, () => close(window)),
        handled: false,
        hasReturned: false,
        shown: isSeen,
      };
      open.push(window);
      if (priority === "high") {
        highUntilMs = clock.now() + numbers.highPriorityWindowMs;
        cancelHigh();
        cancelHigh = clock.after(numbers.highPriorityWindowMs, onChange);
      }
      emit({ kind: "message.window-opened", push, forMs });
      onChange();
    },
    handled(push) {
      const window = returning(push);
      if (window !== undefined) window.handled = true;
      emit({ kind: "message.handled", push });
    },
    failed(push, why) {
      returning(push);
      emit({ kind: "message.failed", push, why });
    },
    shown() {
      const window = open.find((one) => !one.shown);
      if (window !== undefined) window.shown = true;
    },
    inTray(priority) {
      if (priority === "high") history.push({ atMs: clock.now(), shown: true });
    },
    closeAll(why) {
      for (let window = open[0]; window !== undefined; window = open[0]) {
        if (!window.hasReturned) emit({ kind: "message.failed", push: window.push, why });
        close(window);
      }
      cancelHigh();
      highUntilMs = -Infinity;
    },
    isHighOpen() {
      return clock.now() < highUntilMs;
    },
    isAnyOpen() {
      return open.length > 0;
    },
    history,
  };
}
