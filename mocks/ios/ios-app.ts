import type { EmitIosEvent } from "./emit-ios-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import { describeReply } from "../device-link/ask-app.ts";
import type { AskOptions, DeviceLine, DeviceParams } from "../device-link/device-line.ts";
import type { DeviceMethod } from "../device-link/messages.ts";
import type { IosNumbers } from "./ios-numbers.ts";

/** As much of a device line as a simulated iPhone needs. */
export type IosLine = Pick<DeviceLine, "request" | "isLaunched">;

export type IosAppState = "not-running" | "launching" | "foreground" | "background" | "suspended";

export interface IosAppOptions {
  readonly line: () => IosLine;
  readonly clock: Clock;
  readonly numbers: IosNumbers;
  readonly emit: EmitIosEvent;
  /** What the next process is launched with. */
  readonly launchParams: () => Omit<DeviceParams<"device.launch">, "platform" | "reason">;
  /** Something keeps the app running in the background: it has a call. */
  readonly isBusy: () => boolean;
  /** Its launch code has run. */
  readonly onLaunched: () => void;
  /** A suspended process runs again; called before it is told why. */
  readonly onWoken: () => void;
  readonly onLaunchFailed: () => void;
  /** The process is gone, and what it had with it; called before `app.terminated` is emitted. */
  readonly onGone: (why: string) => void;
  /** Called after it. */
  readonly onAfterGone: () => void;
}

/** The process of the app: when it is launched, runs, sleeps and dies. */
export interface IosApp {
  state(): IosAppState;
  /** There is a process that can be heard and that hears: its launch was asked for, its end was not. */
  hasProcess(): boolean;
  /** Starts a process where there is none: at once for the user, after the cold start for a push. */
  launch(why: "push" | "user"): void;
  /** Into sight; an app that is not running is launched. */
  foreground(): void;
  /** Out of sight: it runs on for `backgroundExecutionMs`, or as long as it has a call. */
  background(): void;
  suspend(): void;
  /** Process death. */
  terminate(why: string): void;
  /** The process died by itself; the link has said so. */
  crashed(message: string): void;
  /** A callback of the system's; it wakes a suspended app. Nothing happens where no process can hear it. */
  call<M extends DeviceMethod>(
    method: M,
    params: DeviceParams<M>,
    why?: "push" | "callback",
    options?: AskOptions<M>,
  ): void;
  /** Tells it something without waking it; nothing happens where no process can hear it. */
  tell<M extends DeviceMethod>(method: M, params: DeviceParams<M>): void;
  /** The app said something. */
  heard(method: string): void;
  /** Whether it is busy may have changed. */
  rest(): void;
  /** Stops the timers; there is no process any more, nor will be. */
  close(): void;
}

export function iosApp(options: IosAppOptions): IosApp {
  const { line, clock, numbers, emit, isBusy } = options;
  let state: IosAppState = "not-running";
  /** Replies to a process that is gone are of no interest. */
  let processes = 0;
  let isLaunchSent = false;
  let isClosed = false;
  let comesToFront = false;
  let agreedToSleep = false;
  let cancelTimer = (): void => {};
  /** A process whose end has not been confirmed, and what to do once it is. */
  let dying: { next: () => void } | undefined;

  const rest = (): void => {
    if (state !== "background" && state !== "foreground") return;
    cancelTimer();
    if (state === "background" && !isBusy()) cancelTimer = clock.after(numbers.backgroundExecutionMs, suspend);
  };

  function launch(why: "push" | "user"): void {
    if (why === "user") comesToFront = true;
    if (state !== "not-running" || isClosed) return;
    state = "launching";
    isLaunchSent = false;
    comesToFront = why === "user";
    const process = (processes += 1);
    const begin = (): void => {
      if (process !== processes) return;
      if (dying === undefined) sendLaunch(process, why);
      else dying.next = begin;
    };
    if (why === "user") begin();
    else cancelTimer = clock.after(numbers.coldStartMs, begin);
  }

  function sendLaunch(process: number, why: "push" | "user"): void {
    isLaunchSent = true;
    const params = { platform: "ios", reason: why, ...options.launchParams() } as const;
    void line().request("device.launch", params, {
      onReply(reply) {
        if (process !== processes || state !== "launching") return;
        if (reply.kind !== "result") {
          state = "not-running";
          processes += 1;
          emit({ kind: "app.launch-failed", why: describeReply(reply) });
          return options.onLaunchFailed();
        }
        state = why === "user" ? "foreground" : "background";
        emit({ kind: "app.launched", why });
        options.onLaunched();
        // What it was told at once may have been its end.
        if (process !== processes) return;
        if (why === "push" && comesToFront) foreground();
        if (why === "user" && !comesToFront) background();
        rest();
      },
    });
  }

  function foreground(): void {
    if (state === "not-running" || state === "launching") return launch("user");
    if (state === "foreground") return;
    cancelTimer();
    const wasSuspended = state === "suspended";
    if (wasSuspended) emit({ kind: "app.woken", why: "user" });
    state = "foreground";
    emit({ kind: "app.foregrounded" });
    if (wasSuspended) options.onWoken();
    void line().request("device.foreground", {});
  }

  function background(): void {
    comesToFront = false;
    if (state !== "foreground") return;
    state = "background";
    emit({ kind: "app.backgrounded" });
    void line().request("device.background", {});
    rest();
  }

  function suspend(): void {
    if (state !== "foreground" && state !== "background") return;
    cancelTimer();
    state = "suspended";
    agreedToSleep = false;
    emit({ kind: "app.suspended" });
    const process = processes;
    void line().request(
      "device.suspend",
      {},
      {
        onReply: () => {
          agreedToSleep = process === processes && state === "suspended";
        },
      },
    );
  }

  function gone(why: string, message?: string): void {
    cancelTimer();
    state = "not-running";
    processes += 1;
    options.onGone(why);
    emit({ kind: "app.terminated", why, ...(message === undefined ? {} : { message }) });
  }

  const hasProcess = (): boolean => state !== "not-running" && (state !== "launching" || isLaunchSent);

  return {
    state() {
      return state;
    },
    hasProcess() {
      return hasProcess();
    },
    launch,
    foreground,
    background,
    suspend,
    terminate(why) {
      if (state === "not-running") return;
      const isThere = hasProcess();
      const end = { next: () => {} };
      if (isThere) dying = end;
      gone(why);
      if (isThere)
        void line().request(
          "device.terminate",
          { reason: why },
          {
            onReply(reply) {
              const ended = (): void => {
                dying = undefined;
                end.next();
              };
              // A crash settles its requests before the link tells of it; until then it is still this process that dies.
              if (reply.kind === "result") ended();
              else clock.after(0, ended);
            },
          },
        );
      options.onAfterGone();
    },
    crashed(message) {
      if (!hasProcess()) return;
      gone("crashed", message);
      options.onAfterGone();
    },
    call(method, params, why = "callback", asked = {}) {
      if (!hasProcess()) return;
      if (state === "suspended") {
        state = "background";
        emit({ kind: "app.woken", why });
        options.onWoken();
      }
      void line().request(method, params, asked);
      rest();
    },
    tell(method, params) {
      if (hasProcess()) void line().request(method, params);
    },
    heard(method) {
      if (state === "suspended" && agreedToSleep) emit({ kind: "app.ran-while-suspended", method });
    },
    rest,
    close() {
      isClosed = true;
      state = "not-running";
      processes += 1;
      cancelTimer();
    },
  };
}
