import type { EmitIosEvent } from "./emit-ios-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import { HarnessFault } from "../../harness/errors.ts";
import { rpcCodes } from "../device-link/json-rpc.ts";
import { excerptOf } from "../device-link/link-problem.ts";
import type { AppAnswer, DeviceParams, DeviceSystem } from "../device-link/device-line.ts";
import type { AppNotification, AppRequest, LinkAccount } from "../device-link/messages.ts";
import { audioSession } from "./audio-session.ts";
import { requestTransaction } from "./call-controller.ts";
import { refusedTransaction } from "./call-kit-error.ts";
import { callProvider } from "./call-provider.ts";
import { badParams, done, noUUID, reportCallUpdated, reportNewIncomingCall } from "./call-reports.ts";
import { callTable, type IosCall } from "./call-table.ts";
import { callUUIDOf } from "./call-uuid.ts";
import { iosApp, type IosAppState, type IosLine } from "./ios-app.ts";
import { ordinaryConditions, type IosConditions } from "./ios-conditions.ts";
import type { IosNumbers } from "./ios-numbers.ts";
import { pushRegistry, type IosPush } from "./push-registry.ts";
import { userActs, type UserActs } from "./user-acts.ts";

export interface IosDeviceOptions {
  readonly clock: Clock;
  readonly numbers: IosNumbers;
  /** The VoIP token of the first launch. */
  readonly token: string;
  /** Null: nobody is logged in. */
  readonly account: LinkAccount | null;
  /** What pn-provider and pn-param, or the profile's fields, must say. */
  readonly push: { readonly provider: string; readonly param: string };
  /** @default "18.0" */
  readonly osVersion?: string;
  /** @default `ordinaryConditions` */
  readonly conditions?: Partial<IosConditions>;
  /** Everything the phone decides, when it does. Must not throw, nor call the phone. */
  readonly emit: EmitIosEvent;
}

/** A simulated iPhone with one app on it, which stands at the other end of a device line. No method throws once it is plugged in. */
export interface IosDevice {
  /** To lease a device line with. */
  readonly system: DeviceSystem;
  /** To be called once, before anything else. The line stays with the one who leased it. */
  plugIn(line: IosLine): void;

  app(): IosAppState;
  /** Starts the app or brings it to the front, as the user does. */
  foreground(): void;
  background(): void;
  suspend(): void;
  /**
   * Process death: `why` is `swiped away`, `out of memory`, ... A push starts the app again, also one whose user swiped it away
   * (unverified).
   */
  terminate(why: string): void;
  /** Log-out (null), or another user. An app that is not running finds it at its next launch; it wakes nobody. */
  changeAccount(account: LinkAccount | null): void;
  /** The notice of it: a suspended app gets it when it runs again, one that is not running not at all. */
  changeNetwork(reachable: boolean, networkInterface?: string): void;

  /** The newest VoIP token, undefined while it is void. */
  token(): string | undefined;
  rotateToken(token: string): void;
  invalidateToken(): void;
  /** A VoIP push reached the phone: the app is started or woken for it, unless its pushes are blocked. */
  deliver(push: IosPush): void;

  /** The calls the system knows, oldest first. */
  calls(): readonly IosCall[];
  isAudioActive(): boolean;
  readonly user: UserActs;
  /** Conditions that are not named stay as they are. */
  change(conditions: Partial<IosConditions>): void;
  /** The system drops every call of the app (`providerDidReset`). */
  resetProvider(): void;

  /** Stops every timer; nothing is emitted or asked any more. The app is not terminated. */
  close(): void;
}

export function iosDevice(options: IosDeviceOptions): IosDevice {
  const { clock, numbers, osVersion = "18.0", push } = options;
  let { account } = options;
  let conditions: IosConditions = { ...ordinaryConditions, ...options.conditions };
  let line: IosLine | undefined;
  let isClosed = false;
  /** What a suspended app has not been told yet. */
  let networkNews: DeviceParams<"network.changed"> | undefined;
  const emit: EmitIosEvent = (event) => {
    if (!isClosed) options.emit(event);
  };

  const calls = callTable();
  const app = iosApp({
    line() {
      if (line === undefined)
        throw new HarnessFault("device-not-plugged-in", "The simulated iPhone has no device line yet.");
      return line;
    },
    clock,
    numbers,
    emit,
    launchParams: () => ({ osVersion, account, push }),
    isBusy: () => calls.all().length > 0,
    onLaunched: () => registry.launched(),
    onWoken() {
      const news = networkNews;
      networkNews = undefined;
      if (news !== undefined) app.tell("network.changed", news);
    },
    onLaunchFailed: () => registry.launchFailed(),
    onGone(why) {
      networkNews = undefined;
      registry.gone(why);
      provider.endAll("app-terminated");
      callsChanged();
    },
    onAfterGone: () => registry.resume(),
  });
  const audio = audioSession({
    clock,
    activationMs: numbers.audioActivationMs,
    mayActivate: () => conditions.activatesAudio,
    onActivated() {
      emit({ kind: "audio.activated" });
      app.call("provider.didActivateAudioSession", {});
    },
    onDeactivated() {
      emit({ kind: "audio.deactivated" });
      app.call("provider.didDeactivateAudioSession", {});
    },
  });
  const callsChanged = (): void => {
    audio.want(calls.all().some(({ wantsAudio, onHold }) => wantsAudio && !onHold));
    app.rest();
  };
  const provider = callProvider({ app, calls, clock, numbers, emit, onChange: callsChanged });
  const registry = pushRegistry({
    app,
    clock,
    numbers,
    emit,
    osVersion,
    token: options.token,
    hasCall: () => calls.all().length > 0,
  });
  const user = userActs({ calls, provider, numbers, isRunning: () => isRunning(app.state()) });

  function answer(request: AppRequest): AppAnswer {
    const { method, params } = request;
    switch (method) {
      case "provider.reportNewIncomingCall": {
        const onReport = (): "push" | "invite" => (registry.reported() ? "push" : "invite");
        const answered = reportNewIncomingCall(params, { calls, conditions, numbers, emit, onReport });
        callsChanged();
        return answered;
      }
      case "provider.reportCallUpdated":
        return reportCallUpdated(params, { calls, emit });
      case "provider.reportCallEnded": {
        const callUUID = callUUIDOf(params.uuid);
        if (callUUID === undefined) return noUUID;
        provider.end(callUUID, params.reason);
        return done;
      }
      case "action.fulfill":
        return provider.fulfill(params.actionId) ? done : refusedTransaction("invalidAction");
      case "action.fail":
        if (!provider.knows(params.actionId)) return refusedTransaction("invalidAction");
        provider.fail(params.actionId);
        return done;
      case "callController.request":
        return requestTransaction(params, { calls, provider, conditions, numbers, emit });
      case "pushRegistry.completion":
        return registry.completed(params.pushId) ? done : badParams("This process got no such push.");
      default:
        // The link lets no method of the other platform through.
        return { error: { code: rpcCodes.notSupported, message: "An iPhone has no such method." } };
    }
  }

  function notified({ method, params }: AppNotification): void {
    if (method === "log") return;
    const callUUID = callUUIDOf(params.callUUID) ?? params.callUUID;
    const callState = calls.get(callUUID)?.state ?? "none";
    emit({ kind: method, callUUID, audio: audio.isActive() ? "active" : "inactive", callState });
  }

  return {
    system: {
      answer(request) {
        if (isClosed || !app.hasProcess())
          return { error: { code: rpcCodes.deviceNotLaunched, message: "The app was terminated." } };
        app.heard(request.method);
        return answer(request);
      },
      notified(notification) {
        if (isClosed || !app.hasProcess()) return;
        app.heard(notification.method);
        notified(notification);
      },
      died(message) {
        if (!isClosed) app.crashed(excerptOf(message));
      },
    },
    plugIn(plugged) {
      line = plugged;
    },
    app() {
      return app.state();
    },
    foreground: () => app.foreground(),
    background: () => app.background(),
    suspend: () => app.suspend(),
    terminate: (why) => app.terminate(why),
    changeAccount(next) {
      account = next;
      app.tell("account.changed", { account });
    },
    changeNetwork(reachable, networkInterface) {
      const named = networkInterface === undefined ? {} : { interface: networkInterface };
      if (app.state() === "suspended") networkNews = { reachable, ...named };
      else if (isRunning(app.state())) app.tell("network.changed", { reachable, ...named });
    },
    token() {
      return registry.token();
    },
    rotateToken: (token) => registry.rotate(token),
    invalidateToken: () => registry.invalidate(),
    deliver: (delivered) => registry.deliver(delivered),
    calls() {
      return calls.all();
    },
    isAudioActive() {
      return audio.isActive();
    },
    user,
    change(changed) {
      conditions = { ...conditions, ...changed };
    },
    resetProvider() {
      if (!isRunning(app.state())) return;
      emit({ kind: "provider.reset" });
      provider.endAll("reset");
      app.call("provider.didReset", {});
      callsChanged();
    },
    close() {
      isClosed = true;
      app.close();
      audio.drop();
      provider.close();
      registry.close();
    },
  };
}

function isRunning(state: IosAppState): boolean {
  return state !== "not-running" && state !== "launching";
}
