import { messageOf } from "../../harness/errors.ts";
import { rpcCodes } from "../device-link/json-rpc.ts";
import type { HarnessRequests, LinkProfile } from "../device-link/messages.ts";
import {
  defaultReactNativeNumbers,
  type AdapterSurroundings,
  type AppLaunch,
  type ReactNativeAppOptions,
} from "./app-options.ts";
import type { AppAnswer, AppPeer } from "./app-peer.ts";
import { jsRuntime } from "./js-runtime.ts";
import { loadInTurn } from "./load-in-turn.ts";
import { installHost, type AppStateName, type HeadlessTaskProvider, type NativeHost } from "./native-host.ts";
import { androidCallKeep, type ConnectionCallback } from "./native/android-call-keep.ts";
import { simulatedAppDelegate, type AppDelegate } from "./native/app-delegate.ts";
import { bridged } from "./native/bridge.ts";
import { callKit } from "./native/call-kit.ts";
import { firebase } from "./native/firebase.ts";
import { headlessTasks } from "./native/headless-tasks.ts";
import { iosCallKeep } from "./native/ios-call-keep.ts";
import { receiveMessage, type MessagingService } from "./native/messaging-service.ts";
import type { NativeSide } from "./native/native-side.ts";
import { voipPush } from "./native/voip-push.ts";

type Launch = HarnessRequests["device.launch"]["params"];

/** Requests of RingTrue's about this process; the rest is no method of its platform. */
type Handlers = {
  readonly [M in keyof HarnessRequests]?: (params: HarnessRequests[M]["params"]) => AppAnswer | Promise<AppAnswer>;
};

export interface AppProcessOptions {
  readonly app: ReactNativeAppOptions;
  readonly surroundings: AdapterSurroundings;
  readonly peer: AppPeer;
  readonly launch: Launch;
  readonly profile: LinkProfile;
  readonly storage: Map<string, unknown>;
  readonly onDeath: () => void;
}

/** One process of the app: native code at once, JavaScript some time later. */
export interface AppProcess {
  handle(method: string, params: unknown): AppAnswer | Promise<AppAnswer>;
  /** Memory is gone, sockets vanish. */
  terminate(): void;
}

const done: AppAnswer = { result: {} };

/** The API levels of Android's versions (Android, "`<uses-sdk>`"). */
const apiLevels: Readonly<Record<string, number>> = { "12": 31, "13": 33, "14": 34, "15": 35, "16": 36 };

export function appProcess(options: AppProcessOptions): AppProcess {
  const { app, surroundings, peer, launch, profile, storage } = options;
  const { clock, onEvent } = surroundings;
  const { device, platform } = launch;
  const numbers = { ...defaultReactNativeNumbers, ...app.os };
  let appState: AppStateName = launch.reason === "user" ? "active" : "background";
  let emitToJs: ((event: string, body: unknown) => void) | undefined;
  let onAccount: Parameters<AppLaunch["onAccount"]>[0] = () => {};
  let onNetwork: Parameters<AppLaunch["onNetwork"]>[0] = () => {};
  const timers = new Set<() => void>();
  const runtime = jsRuntime(crash);
  const isAlive = (): boolean => runtime.state !== "dead";

  function crash(message: string): void {
    if (!isAlive()) return;
    end();
    onEvent({ kind: "app.crashed", message });
    peer.tell("device.died", { device, message });
    options.onDeath();
  }
  function end(): void {
    runtime.kill();
    for (const cancel of timers) cancel();
    timers.clear();
  }

  const native: NativeSide = {
    clock: {
      epochMs: clock.epochMs,
      now: () => clock.now(),
      after(delayMs, callback) {
        const cancel = clock.after(delayMs, () => {
          timers.delete(cancel);
          callback();
        });
        timers.add(cancel);
        return () => {
          timers.delete(cancel);
          cancel();
        };
      },
    },
    runtime,
    storage,
    ask(method, params, onReply = () => {}) {
      if (!isAlive()) return;
      peer.ask(method, { device, ...params }, (reply) => {
        if (isAlive()) onReply(reply);
      });
    },
    tell(method, params) {
      if (isAlive()) peer.tell(method, { device, ...params });
    },
    emit(event, body) {
      const copy = bridged(body);
      runtime.post(() => {
        if (emitToJs === undefined) return;
        onEvent({ kind: "js.event", name: event, body: copy });
        emitToJs(event, copy);
      });
    },
    log: (message) => onEvent({ kind: "native.log", message }),
    crash,
  };
  const headlessProviders = new Map<string, HeadlessTaskProvider>();
  const tasks = headlessTasks(native, headlessProviders, numbers.headlessTaskMs);
  const fire = firebase(native, platform, () => launch.reason !== "user");
  const own = app.nativeModules?.(native, platform) ?? {};
  const side = platform === "ios" ? iosSide(app.appDelegate) : androidSide(app.messagingService ?? {});

  const host: NativeHost = {
    platform,
    version: platform === "ios" ? launch.osVersion : (apiLevels[launch.osVersion] ?? 35),
    runtime,
    modules: { ...side.modules, ...own },
    turboModules: fire.turboModules,
    headlessTasks: headlessProviders,
    appState: () => appState,
    attach(emit) {
      emitToJs = emit;
    },
    alerted: (alert) => onEvent({ kind: "alert.shown", alert }),
    opened: (url) => onEvent({ kind: "url.opened", url }),
  };

  function changeState(next: AppStateName): AppAnswer {
    if (appState === next) return done;
    appState = next;
    onEvent({ kind: "js.state", state: next });
    native.emit("appState.change", next);
    return done;
  }

  const common: Handlers = {
    "device.suspend"() {
      changeState("background");
      // The app still hears of it.
      runtime.post(() => runtime.suspend());
      return done;
    },
    "device.background": () => changeState("background"),
    "device.foreground"() {
      runtime.resume();
      return changeState("active");
    },
    "network.changed"({ reachable, interface: name }) {
      runtime.post(() => onNetwork({ reachable, ...(name === undefined ? {} : { interface: name }) }));
      return done;
    },
    "account.changed"({ account }) {
      runtime.post(() => onAccount(account));
      return done;
    },
  };
  const sleeps = new Set(["network.changed", "account.changed", "device.suspend"]);
  const handlers: Handlers = { ...common, ...side.handlers };

  async function load(): Promise<void> {
    if (!isAlive()) return;
    await surroundings.freshModules();
    if (!isAlive()) return;
    installHost(host);
    const appLaunch: AppLaunch = {
      platform,
      reason: launch.reason,
      account: launch.account,
      push: launch.push,
      profile,
      media: {
        started: (callUUID) => runtime.leave(() => native.tell("media.started", { callUUID })),
        stopped: (callUUID) => runtime.leave(() => native.tell("media.stopped", { callUUID })),
      },
      onAccount(listener) {
        onAccount = listener;
      },
      onNetwork(listener) {
        onNetwork = listener;
      },
    };
    await runtime.enter(async () => await app.loadApp(appLaunch));
  }

  async function boot(): Promise<void> {
    try {
      await loadInTurn(clock, load);
    } catch (error) {
      return crash(messageOf(error));
    }
    // What it asked of native code while it was loaded is done by then.
    runtime.leave(() => {
      onEvent({ kind: "js.loaded" });
      tasks.loaded();
    });
  }

  side.launched();
  native.clock.after(numbers.jsBootMs, () => void boot());

  return {
    handle(method, params) {
      const handler = handlers[method as keyof Handlers] as ((params: unknown) => AppAnswer) | undefined;
      if (handler === undefined)
        return { error: { code: rpcCodes.notSupported, message: `An app on ${platform} has no ${method}.` } };
      // Any callback of the operating system wakes a suspended app.
      if (!sleeps.has(method)) runtime.resume();
      return handler(params);
    },
    terminate: end,
  };

  function iosSide(config: AppDelegate | undefined) {
    const kit = callKit(native);
    const callKeep = iosCallKeep(native, kit);
    const voip = voipPush(native);
    const delegate = simulatedAppDelegate(config ?? { payload: { uuid: "/callUUID" } }, native, callKeep, voip);
    const iosHandlers: Handlers = {
      "pushRegistry.didUpdatePushCredentials"({ token }) {
        delegate.didUpdatePushCredentials(token);
        return done;
      },
      // None of the packages tells JavaScript.
      "pushRegistry.didInvalidatePushToken": () => done,
      "pushRegistry.didReceiveIncomingPush": async (push) =>
        await new Promise<AppAnswer>((resolve) => delegate.didReceiveIncomingPush(push, () => resolve(done))),
      "provider.perform"({ action }) {
        callKeep.perform(action);
        return done;
      },
      "provider.timedOutPerforming"({ actionId }) {
        native.log(`provider:timedOutPerformingAction: ${actionId}`);
        return done;
      },
      "provider.didActivateAudioSession"() {
        callKeep.didActivateAudioSession();
        return done;
      },
      "provider.didDeactivateAudioSession": async () => {
        callKeep.didDeactivateAudioSession();
        // Media that JavaScript starts before it hears of this is started in good faith, and is told before the reply.
        return await new Promise<AppAnswer>((resolve) => runtime.post(() => resolve(done)));
      },
      "provider.didReset"() {
        callKeep.didReset();
        return done;
      },
    };
    return {
      modules: { RNCallKeep: callKeep.module, RNVoipPushNotificationManager: voip.module },
      handlers: iosHandlers,
      launched: () => delegate.didFinishLaunching(),
    };
  }

  function androidSide(config: MessagingService) {
    const callKeep = androidCallKeep(native, app.foregroundServiceTypes ?? ["microphone"]);
    const connection =
      (callback: ConnectionCallback) =>
      ({ connectionId }: { readonly connectionId: string }): AppAnswer => {
        callKeep.onConnection(callback, connectionId);
        return done;
      };
    const androidHandlers: Handlers = {
      "messagingService.onNewToken"({ token }) {
        fire.onNewToken(token);
        return done;
      },
      "messagingService.onMessageReceived"({ message }) {
        const isInForeground = appState === "active";
        receiveMessage(message, { config, native, callKeep, firebase: fire, tasks, isInForeground });
        return done;
      },
      "connectionService.onCreateIncomingConnection"({ connectionId }) {
        callKeep.onCreateIncomingConnection(connectionId);
        return done;
      },
      "connectionService.onCreateIncomingConnectionFailed"({ connectionId }) {
        callKeep.onCreateIncomingConnectionFailed(connectionId);
        return done;
      },
      "connection.onShowIncomingCallUi": connection("ShowIncomingCallUi"),
      "connection.onAnswer": connection("Answer"),
      "connection.onReject": connection("Reject"),
      "connection.onDisconnect": connection("Disconnect"),
      "connection.onAbort": connection("Abort"),
      "connection.onHold": connection("Hold"),
      "connection.onUnhold": connection("Unhold"),
      "connection.onSilence": connection("Silence"),
      "notification.action"({ notificationId, action }) {
        app.onNotificationAction?.({ notificationId, action }, native);
        return done;
      },
      "service.onTimeout"() {
        native.ask("service.stopForeground", {});
        return done;
      },
      "task.removed"() {
        // callkeep ends its calls and kills the process, which nobody can tell from a crash.
        if (callKeep.onHostDestroy())
          native.clock.after(0, () => crash("callkeep's onHostDestroy killed the process."));
        return done;
      },
    };
    return { modules: { RNCallKeep: callKeep.module }, handlers: androidHandlers, launched: () => {} };
  }
}
