import type { AppProcessEvent } from "../../harness/trace/android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import type { AppReply } from "../device-link/ask-app.ts";
import { describeReply } from "../device-link/ask-app.ts";
import type { DeviceLine, DeviceParams } from "../device-link/device-line.ts";
import type { DeviceMethod } from "../device-link/messages.ts";

/** As much of the device link as an operating system uses. */
export type AppLine = Pick<DeviceLine, "request">;

/** Asks the app that runs now; what a former process of its answers is not heard. */
export type AskApp = <M extends DeviceMethod>(
  method: M,
  params: DeviceParams<M>,
  onReply?: (reply: AppReply<M>) => void,
) => void;

export type ProcessState = "dead" | "starting" | "ending" | "foreground" | "background" | "suspended";
export type WakeReason = "push" | "user" | "telecom" | "system";

/** The process of the one app on a phone. */
export interface AppProcess {
  state(): ProcessState;
  /** Its code runs. */
  isAwake(): boolean;
  /** Its launch code has begun, and it has not ended. */
  isLaunched(): boolean;
  readonly ask: AskApp;
  /** Calls `then` with the app awake: at once, or once it was started. `otherwise`: it could not be, or ended before. */
  run(why: WakeReason, then: () => void, otherwise?: (why: string) => void): void;
  /** The user opens it. */
  foreground(): void;
  /** The phone has started, and the app with it. */
  boot(): void;
  background(): void;
  suspend(): void;
  /** Ends the process; nothing that waited for it comes about. */
  end(why: string): void;
  /** The app said that it crashed. */
  died(message: string): void;
  /** From now on nothing is asked. The process is left as it is. */
  close(): void;
}

export interface AppProcessOptions {
  readonly clock: Clock;
  readonly coldStartMs: number;
  readonly line: () => AppLine;
  readonly launch: () => Omit<DeviceParams<"device.launch">, "platform" | "reason">;
  readonly emit: (event: AppProcessEvent) => void;
  /** Its launch code has run; called before anything that waited. */
  readonly onStarted: () => void;
  /** The process is gone, and its memory with it. */
  readonly onEnded: (why: string) => void;
  /** The state is another. */
  readonly onChange: () => void;
}

interface Waiting {
  readonly call: () => void;
  readonly otherwise: (why: string) => void;
}

export function appProcess(options: AppProcessOptions): AppProcess {
  const { clock, coldStartMs, line, launch, emit, onStarted, onEnded, onChange } = options;
  let state: ProcessState = "dead";
  let generation = 0;
  let cancelStart: (() => void) | undefined;
  let waiting: Waiting[] = [];
  let isOpening = false;
  let isClosed = false;

  const ask: AskApp = (method, params, onReply) => {
    if (isClosed) return;
    const mine = generation;
    void line().request(method, params, {
      onReply: (reply) => {
        if (mine === generation && !isClosed) onReply?.(reply);
      },
    });
  };

  const enter = (next: ProcessState): void => {
    state = next;
    onChange();
  };

  function start(reason: "user" | "push" | "boot"): void {
    enter("starting");
    cancelStart = clock.after(coldStartMs, () => {
      cancelStart = undefined;
      emit({ kind: "app.launched", why: reason });
      ask("device.launch", { platform: "android", reason, ...launch() }, (reply) => {
        if (reply.kind === "result") return started(reason);
        const why = describeReply(reply);
        emit({ kind: "app.launch-failed", why });
        gone(why);
      });
    });
  }

  function started(reason: "user" | "push" | "boot"): void {
    const opened = isOpening;
    isOpening = false;
    if (opened) emit({ kind: "app.foregrounded" });
    enter(opened ? "foreground" : "background");
    // Started by the user's hand, but not into sight: a button of a notification.
    if (reason === "user" && !opened) ask("device.background", {});
    if (reason !== "user" && opened) ask("device.foreground", {});
    onStarted();
    const due = waiting;
    waiting = [];
    for (const { call, otherwise } of due) {
      if (isAwake()) call();
      else otherwise("The app has ended.");
    }
  }

  /** Nothing is left of the process, and of what waited for it. */
  function gone(why: string): void {
    generation += 1;
    cancelStart?.();
    cancelStart = undefined;
    isOpening = false;
    const failed = waiting;
    waiting = [];
    enter("dead");
    onEnded(why);
    for (const { otherwise } of failed) otherwise(why);
  }

  function background(): void {
    if (state !== "foreground") return;
    emit({ kind: "app.backgrounded" });
    enter("background");
    ask("device.background", {});
  }

  function isAwake(): boolean {
    return state === "foreground" || state === "background";
  }

  function startReason(why: WakeReason): "user" | "push" {
    return why === "user" ? "user" : "push";
  }

  return {
    state() {
      return state;
    },
    isAwake() {
      return isAwake();
    },
    isLaunched() {
      return state !== "dead" && state !== "ending" && cancelStart === undefined;
    },
    ask,
    run(why, then, otherwise = () => {}) {
      if (state === "suspended") {
        emit({ kind: "app.woken", why });
        enter("background");
      }
      if (isAwake()) return then();
      waiting.push({ call: then, otherwise });
      if (state === "dead") start(startReason(why));
    },
    foreground() {
      if (state === "foreground") return;
      if (state === "background" || state === "suspended") {
        emit({ kind: "app.foregrounded" });
        enter("foreground");
        return ask("device.foreground", {});
      }
      isOpening = true;
      if (state === "dead") start("user");
    },
    boot() {
      if (state === "dead") start("boot");
    },
    background,
    suspend() {
      background();
      if (state !== "background") return;
      emit({ kind: "app.suspended" });
      enter("suspended");
      ask("device.suspend", {});
    },
    end(why) {
      if (state === "dead" || state === "ending") return;
      const wasLaunched = cancelStart === undefined;
      emit({ kind: "app.terminated", why });
      gone(why);
      if (!wasLaunched) return;
      enter("ending");
      ask("device.terminate", { reason: why }, () => {
        enter("dead");
        // Somebody needed it again while it was ending.
        if (isOpening) start("user");
        else if (waiting.length > 0) start("push");
      });
    },
    died(message) {
      // A former process: the one that runs now is not launched yet.
      if (state === "dead" || state === "ending" || cancelStart !== undefined) return;
      emit({ kind: "app.terminated", why: "crashed", message });
      gone("the app crashed");
    },
    close() {
      isClosed = true;
    },
  };
}
