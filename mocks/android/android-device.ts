import type { ForegroundType, OtherCall } from "../../harness/trace/android-event.ts";
import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import { HarnessFault } from "../../harness/errors.ts";
import type { AppAnswer, DeviceSystem } from "../device-link/device-line.ts";
import type { AppRequest, LinkAccount } from "../device-link/messages.ts";
import type { AndroidNumbers } from "./android-numbers.ts";
import { defaultAndroidSettings, type AndroidSettings, type TelecomStyle } from "./android-settings.ts";
import { appProcess, type AppLine, type ProcessState } from "./app-process.ts";
import { callPriority } from "./call-priority.ts";
import { connectionService } from "./connection-service.ts";
import { coreTelecom } from "./core-telecom.ts";
import { foregroundService } from "./foreground-service.ts";
import { freezer } from "./freezer.ts";
import { handOver } from "./hand-over.ts";
import { messageInbox, type SentMessage } from "./message-inbox.ts";
import { messageWindows } from "./message-windows.ts";
import { notificationShade, type ShownNotification } from "./notification-shade.ts";
import { ownTimers } from "./own-timers.ts";
import { done, notLaunched, notSupported } from "./refusal.ts";
import { noTelecom, type LiveCall, type TelecomOptions } from "./telecom-calls.ts";
import { userActs, type UserActs } from "./user-acts.ts";
import { wakeLocks } from "./wake-locks.ts";

export interface AndroidDeviceOptions {
  readonly clock: Clock;
  readonly numbers: AndroidNumbers;
  /** @default `defaultAndroidSettings` */
  readonly settings?: Partial<AndroidSettings>;
  /** Which of Telecom's interfaces the app uses. */
  readonly telecom: TelecomStyle;
  /** The registration token FCM has issued to the app. */
  readonly token: string;
  /** Null: nobody is logged in. */
  readonly account: LinkAccount | null;
  /** What pn-provider and pn-param, or the profile's fields, must say. */
  readonly push: { readonly provider: string; readonly param: string };
  /** @default "15" */
  readonly osVersion?: string;
  /** Everything the phone decides, when it does. Must not throw, nor call the phone. */
  readonly emit: EmitAndroidEvent;
}

/**
 * One simulated Android phone with the app under test on it: FCM's side of the phone, power management, the app's process,
 * Telecom, notifications, the foreground service, and the user's hand. A state machine over its clock; it opens nothing.
 */
export interface AndroidDevice {
  /** Give this to the adapter when the device is leased, and the line that gives to `plugIn`. */
  readonly system: DeviceSystem;
  /** To be called once, before anything else. The line stays with the one who leased it. */
  plugIn(line: AppLine): void;

  app(): ProcessState;
  token(): string;
  settings(): AndroidSettings;
  /** Packets reach the app, and it can send some: there is a network, its code runs, and Doze does not cut it off. */
  hasNetwork(): boolean;
  /** The app's calls in Telecom that are not over, newest first. */
  calls(): readonly LiveCall[];
  /** What the user can see of the app's notifications, oldest first. */
  notifications(): readonly ShownNotification[];
  /** Types of the foreground service; none: it does not run. */
  foregroundTypes(): readonly ForegroundType[];
  wakeLocks(): number;

  readonly user: UserActs;

  /** FCM has a message for it. */
  deliver(message: SentMessage): void;
  /** FCM issued another token; the app is told at once, or when it is launched. */
  rotateToken(token: string): void;

  /** The user opens the app: it is started or comes into sight. Ends Doze and a forced stop. */
  foreground(): void;
  /** The phone has started. */
  boot(): void;
  background(): void;
  suspend(): void;
  /** The process ends: killed by the system, or by a plan. */
  terminate(why: string): void;
  /** The user forces the app to stop: process and notifications go, and nothing starts it but the user. */
  forceStop(): void;
  /** The user swipes the app away. Its process ends unless a foreground service or a call in Telecom keeps it. */
  removeTask(): void;
  /** Calls `startForegroundService`: for apps within this process, as the device link has no message for it. */
  startForegroundService(): AppAnswer;
  /** `Service.onTimeout`: the foreground service has had its time. Android has no limit for phoneCall; a plan may. */
  timeOutService(): void;

  change(settings: Partial<Omit<AndroidSettings, "network" | "doze" | "otherCall">>): void;
  setDoze(doze: boolean): void;
  /** The app is told where it runs; nothing wakes it. */
  setNetwork(reachable: boolean, networkInterface?: string): void;
  /** Another app's call begins, or is over. */
  setOtherCall(otherCall: OtherCall): void;
  /** Log-out (null), or another user. An app that does not run finds it at its next launch. */
  changeAccount(account: LinkAccount | null): void;
  /** The case is over: nothing is asked or emitted any more. */
  close(): void;
}

export function androidDevice(options: AndroidDeviceOptions): AndroidDevice {
  const { numbers, telecom: telecomStyle, push, osVersion = "15" } = options;
  let isClosed = false;
  const emit: EmitAndroidEvent = (event) => {
    if (!isClosed) options.emit(event);
  };
  const timers = ownTimers(options.clock);
  const { clock } = timers;
  let settings: AndroidSettings = { ...defaultAndroidSettings, ...options.settings };
  let { token, account } = options;
  let knowsToken = false;
  let isForceStopped = false;
  let line: AppLine | undefined;

  const process = appProcess({
    clock,
    coldStartMs: numbers.coldStartMs,
    line() {
      if (line === undefined)
        throw new HarnessFault("device-not-plugged-in", "The simulated Android phone has no device line yet.");
      return line;
    },
    launch: () => ({ osVersion, account, push }),
    emit,
    onStarted: handToken,
    onEnded: processEnded,
    onChange: changed,
  });
  const { ask } = process;
  const locks = wakeLocks(emit);
  const windows = messageWindows({ clock, numbers, emit }, changed);
  const telecomOptions: TelecomOptions = {
    numbers,
    settings: () => settings,
    ask,
    emit,
    endOtherCall() {
      if (settings.otherCall === "unholdable") setOtherCall("none");
    },
    onChange: changed,
  };
  const telecom =
    telecomStyle === "none"
      ? noTelecom
      : telecomStyle === "core"
        ? coreTelecom(clock, telecomOptions)
        : connectionService(telecomStyle, telecomOptions);
  const service = foregroundService({
    clock,
    numbers,
    emit,
    crash: (why) => process.end(why),
    onChange: changed,
    facts: () => ({
      isVisible: process.state() === "foreground",
      hasHighMessage: windows.isHighOpen(),
      hasTelecomCall: hasTelecomCall(),
      hasUserAction: acts.isRecent(),
      hasAnswered: acts.hasAnsweredRecently() || telecom.live().some(({ isAnswered }) => isAnswered),
      manageOwnCalls: settings.manageOwnCalls,
    }),
  });
  const shade = notificationShade({
    clock,
    numbers,
    settings: () => settings,
    emit,
    isForegroundService: () => service.isRunning(),
    calls: () => telecom.live(),
    onShown: () => windows.shown(),
    onChange: changed,
  });
  const priority = callPriority({
    clock,
    numbers,
    emit,
    calls: () => (telecomStyle === "managed" ? [] : telecom.live().map(({ connectionId }) => connectionId)),
    hasCallStyle: shade.hasCallStyle,
    onChange: changed,
  });
  const inbox = messageInbox({
    clock,
    numbers,
    settings: () => settings,
    token: () => token,
    isForceStopped: () => isForceStopped,
    isVisible: () => process.state() === "foreground",
    windows,
    emit,
    handOver: (message, delivered) => handOver(process, windows, message, delivered),
  });
  const acts = userActs({
    clock,
    numbers,
    telecomStyle,
    telecom,
    shade,
    process,
    emit,
    wakeUp: () => setDoze(false),
    onChange: changed,
  });

  const freeze = freezer(clock, numbers.freezeAfterMs, () => process.suspend());

  function hasTelecomCall(): boolean {
    return telecomStyle === "managed" ? telecom.live().length > 0 : priority.isGranted();
  }

  function handToken(): void {
    if (knowsToken) return;
    knowsToken = true;
    ask("messagingService.onNewToken", { token });
  }

  function processEnded(why: string): void {
    windows.closeAll(why);
    telecom.ended(why);
    service.ended(why);
    locks.releaseAll();
  }

  /** Something has changed on which it depends what keeps the app running. */
  function changed(): void {
    // The parts are made one after the other, and nothing runs before they all are.
    priority.check();
    const isIdle =
      process.state() === "background" &&
      !windows.isAnyOpen() &&
      !windows.isHighOpen() &&
      !service.isRunning() &&
      !hasTelecomCall() &&
      !acts.isRecent();
    freeze(isIdle);
  }

  function setOtherCall(otherCall: OtherCall): void {
    settings = { ...settings, otherCall };
    emit({ kind: "other-call.changed", otherCall });
    telecom.otherCall(otherCall);
  }

  function setDoze(doze: boolean): void {
    if (settings.doze === doze) return;
    settings = { ...settings, doze };
    emit({ kind: doze ? "doze.entered" : "doze.left" });
    if (!doze) inbox.retry();
  }

  function answer(request: AppRequest): AppAnswer {
    // What a process still sent before it ended does nothing.
    if (isClosed || !process.isLaunched()) return notLaunched;
    if (process.state() === "suspended") emit({ kind: "app.ran-while-suspended", method: request.method });
    const answered = telecom.answer(request);
    if (answered !== undefined) return answered;
    const { method, params } = request;
    switch (method) {
      case "notification.post": {
        const { notificationId, style, fullScreenIntent, actions } = params;
        return shade.post({ notificationId, style, fullScreenIntent, actions });
      }
      case "notification.cancel":
        shade.cancel(params.notificationId, "the app cancelled it");
        return done;
      case "service.startForeground":
        return service.startForeground(params.types);
      case "service.stopForeground":
        service.stop();
        return done;
      case "wakeLock.acquire":
        locks.acquire();
        return done;
      case "wakeLock.release":
        locks.release();
        return done;
      default:
        return notSupported(`${method} is not for an app whose telecom is ${telecomStyle}.`);
    }
  }

  return {
    system: {
      answer,
      notified({ method, params }) {
        if (method === "log" || isClosed || !process.isLaunched()) return;
        const { callUUID } = params;
        const callState = telecom.live().find(({ connectionId }) => connectionId === callUUID)?.state ?? "none";
        emit({ kind: method, callUUID, callState });
      },
      died(message) {
        if (!isClosed) process.died(message);
      },
    },
    plugIn(plugged) {
      line = plugged;
    },
    app() {
      return process.state();
    },
    token() {
      return token;
    },
    settings() {
      return settings;
    },
    hasNetwork() {
      const isExempt =
        process.state() === "foreground" || windows.isHighOpen() || service.isRunning() || hasTelecomCall();
      return settings.network && process.isAwake() && (!settings.doze || isExempt);
    },
    calls() {
      return telecom.live();
    },
    notifications() {
      return shade.shown();
    },
    foregroundTypes() {
      return service.types();
    },
    wakeLocks() {
      return locks.held();
    },
    user: acts.acts,
    deliver: inbox.receive,
    rotateToken(next) {
      const previous = token;
      token = next;
      knowsToken = false;
      emit({ kind: "token.issued", token, previous });
      if (process.isAwake()) handToken();
      else if (process.state() === "suspended") process.run("system", handToken);
    },
    foreground() {
      isForceStopped = false;
      setDoze(false);
      process.foreground();
    },
    boot() {
      if (!isForceStopped) process.boot();
    },
    background: () => process.background(),
    suspend: () => process.suspend(),
    terminate: (why) => process.end(why),
    forceStop() {
      isForceStopped = true;
      process.end("the user forced it to stop");
      shade.cancelAll("the app was forced to stop");
    },
    removeTask() {
      if (process.state() === "dead" || process.state() === "ending") return;
      emit({ kind: "task.removed" });
      process.background();
      process.run("user", () =>
        ask("task.removed", {}, () => {
          if (!service.isRunning() && !hasTelecomCall()) process.end("the user swiped it away");
        }),
      );
    },
    startForegroundService: () => service.announce(),
    timeOutService() {
      if (!service.isRunning()) return;
      service.timeOut();
      process.run("system", () => ask("service.onTimeout", {}));
    },
    change(next) {
      settings = { ...settings, ...next };
    },
    setDoze,
    setNetwork(network, networkInterface) {
      settings = { ...settings, network };
      if (process.isAwake())
        ask("network.changed", {
          reachable: network,
          ...(networkInterface === undefined ? {} : { interface: networkInterface }),
        });
      if (network) inbox.retry();
    },
    setOtherCall,
    changeAccount(next) {
      account = next;
      if (process.isAwake()) ask("account.changed", { account });
    },
    close() {
      isClosed = true;
      timers.close();
      process.close();
    },
  };
}
