import type { AppRequests } from "../../device-link/messages.ts";
import type { NativeModule } from "../native-host.ts";
import { bridgedModule, nativeRejection } from "./bridge.ts";
import type { NativeSide } from "./native-side.ts";

type Cause = AppRequests["connection.setDisconnected"]["params"]["cause"];
type ForegroundType = AppRequests["service.startForeground"]["params"]["types"][number];

/** Callbacks of Telecom's, by what follows `connection.on` on the device link. */
export type ConnectionCallback =
  | "ShowIncomingCallUi"
  | "Answer"
  | "Reject"
  | "Disconnect"
  | "Abort"
  | "Hold"
  | "Unhold"
  | "Silence";

/** The Java side of react-native-callkeep 4.3.16 (`RNCallKeepModule`, `VoiceConnectionService`, `VoiceConnection`). */
export interface AndroidCallKeep {
  readonly module: NativeModule;
  /** `RNCallKeepModule.reportNewIncomingCall`, for native code that shows a call before JavaScript is loaded. */
  reportNewIncomingCall(call: IncomingCall, payload?: string): void;
  onCreateIncomingConnection(connectionId: string): void;
  onCreateIncomingConnectionFailed(connectionId: string): void;
  onConnection(callback: ConnectionCallback, connectionId: string): void;
  /** The last activity is gone: every call ends. True where the process then kills itself. */
  onHostDestroy(): boolean;
}

export interface IncomingCall {
  readonly uuid: string;
  readonly handle: string;
  readonly callerName: string;
  readonly hasVideo: boolean;
}

interface VoiceConnection {
  readonly call: IncomingCall;
  isAnswered: boolean;
  isMuted: boolean;
}

const SETTINGS = "rn-callkeep";

/** `VoiceConnection.reportDisconnect`; any other reason sets none and destroys. */
const disconnectCauses: Readonly<Record<number, Cause>> = {
  1: "ERROR",
  2: "REMOTE",
  3: "BUSY",
  4: "ANSWERED_ELSEWHERE",
  5: "REMOTE",
  6: "MISSED",
};

/** `Connection.STATE_*` that `setConnectionState` takes and the device link has a message for. */
const states: Readonly<Record<number, "connection.setRinging" | "connection.setActive" | "connection.setOnHold">> = {
  2: "connection.setRinging",
  4: "connection.setActive",
  5: "connection.setOnHold",
};

const audioRoutes = [
  { name: "Speaker", type: "Speaker" },
  { name: "Phone", type: "Phone", selected: true },
];

/** `foregroundServiceTypes`: what the manifest says of `VoiceConnectionService`. */
export function androidCallKeep(
  native: NativeSide,
  foregroundServiceTypes: readonly ForegroundType[],
): AndroidCallKeep {
  const added = new Map<string, IncomingCall>();
  const connections = new Map<string, VoiceConnection>();
  /** What came before JavaScript set the module up; cleared when it is delivered. */
  let delayed: { readonly name: string; readonly data: unknown }[] = [];
  let hasListeners = false;

  const settings = (): Readonly<Record<string, unknown>> =>
    (native.storage.get(SETTINGS) ?? {}) as Readonly<Record<string, unknown>>;
  const store = (options: unknown): void => void native.storage.set(SETTINGS, options);
  // A self-managed app needs no account. Any other waits for the user to enable one in the settings, which nobody does here.
  const hasPhoneAccount = (): boolean => settings()["selfManaged"] === true;

  function send(name: string, data: Readonly<Record<string, unknown>> | null): void {
    if (hasListeners) native.emit(name, data);
    else delayed.push({ name, data: data ?? {} });
  }
  function observe(): void {
    hasListeners = true;
    if (delayed.length === 0) return;
    native.emit("RNCallKeepDidLoadWithEvents", delayed);
    delayed = [];
  }

  function display(call: IncomingCall): void {
    if (!hasPhoneAccount()) return native.log("displayIncomingCall ignored: there is no phone account.");
    added.set(call.uuid, call);
    const params = {
      connectionId: call.uuid,
      handle: spokenAddress(call.handle),
      hasVideo: call.hasVideo,
      ...(call.callerName === "" ? {} : { displayName: call.callerName }),
    };
    native.ask("telecom.addNewIncomingCall", params, (reply) => {
      // Nothing catches it, so it ends the app as any exception of a native method does in a release build.
      if (reply.kind === "error") native.crash(`TelecomManager.addNewIncomingCall: ${reply.error.message}`);
    });
  }

  /** `connection` leaves the service; the cause is set before it is destroyed, if there is one. */
  function close({ call: { uuid } }: VoiceConnection, cause: Cause | undefined): void {
    connections.delete(uuid);
    added.delete(uuid);
    if (cause !== undefined) native.ask("connection.setDisconnected", { connectionId: uuid, cause });
    if (isForegroundConfigured()) native.ask("service.stopForeground", {});
    native.ask("connection.destroy", { connectionId: uuid });
  }
  function end(connection: VoiceConnection, cause: Cause): void {
    close(connection, cause);
    send("RNCallKeepPerformEndCallAction", { callUUID: connection.call.uuid });
  }
  function answer(connection: VoiceConnection): void {
    // Some phones call both `onAnswer` methods.
    if (connection.isAnswered) return;
    connection.isAnswered = true;
    const { uuid, hasVideo } = connection.call;
    send("RNCallKeepPerformAnswerCallAction", { callUUID: uuid, withVideo: hasVideo });
    send("RNCallKeepDidActivateAudioSession", null);
  }
  function hold({ call: { uuid } }: VoiceConnection, onHold: boolean): void {
    native.ask(onHold ? "connection.setOnHold" : "connection.setActive", { connectionId: uuid });
    send("RNCallKeepDidToggleHoldAction", { hold: onHold, callUUID: uuid });
  }
  function mute(connection: VoiceConnection, muted: boolean): void {
    const { uuid, handle } = connection.call;
    send("RNCallKeepDidChangeAudioRoute", { handle: uriNumber(handle), callUUID: uuid, output: "EARPIECE" });
    if (muted === connection.isMuted) return;
    connection.isMuted = muted;
    send("RNCallKeepDidPerformSetMutedCallAction", { muted, callUUID: uuid });
  }
  const isForegroundConfigured = (): boolean => {
    const configured = settings()["foregroundService"];
    return typeof configured === "object" && configured !== null && "channelId" in configured;
  };
  /** Methods do nothing for a UUID the service has no connection of. */
  const on =
    <Args extends readonly unknown[]>(act: (connection: VoiceConnection, ...args: Args) => void) =>
    (uuid: string, ...args: Args): void => {
      const connection = connections.get(uuid);
      if (connection === undefined) native.log(`There is no connection ${uuid}.`);
      else act(connection, ...args);
    };
  const described = ({ uuid, handle, callerName }: IncomingCall) => ({
    handle: uriNumber(handle),
    callUUID: uuid,
    name: callerName,
  });

  const module = bridgedModule(native.runtime, {
    calls: {
      addListener() {},
      removeListeners() {},
      setup(options: unknown) {
        store(options);
        observe();
      },
      setSettings: store,
      registerPhoneAccount: store,
      registerEvents: observe,
      unregisterEvents() {
        hasListeners = false;
      },
      displayIncomingCall: (uuid: string, handle: string, callerName: string | null, hasVideo = false) =>
        display({ uuid, handle, callerName: callerName ?? "", hasVideo }),
      answerIncomingCall: on(answer),
      // Outgoing calls are no part of the device link on Android.
      startCall() {},
      endCall: on((connection) => end(connection, "LOCAL")),
      rejectCall: on((connection) => end(connection, "REJECTED")),
      endAllCalls() {
        for (const connection of connections.values()) end(connection, "LOCAL");
      },
      reportEndCallWithUUID: on((connection, reason: number) => close(connection, disconnectCauses[reason])),
      setCurrentCallActive: on(({ call }) => native.ask("connection.setActive", { connectionId: call.uuid })),
      setConnectionState: on(({ call }, state: number) => {
        const method = states[state];
        if (method !== undefined) native.ask(method, { connectionId: call.uuid });
      }),
      setOnHold: on(hold),
      setMutedCall: on(mute),
      sendDTMF: on(({ call }, digits: string) =>
        send("RNCallKeepDidPerformDTMFAction", { digits: digits.slice(0, 1), callUUID: call.uuid }),
      ),
      toggleAudioRouteSpeaker: on(({ call }, speaker: boolean) =>
        send("RNCallKeepDidChangeAudioRoute", {
          handle: uriNumber(call.handle),
          callUUID: call.uuid,
          output: speaker ? "SPEAKER" : "EARPIECE",
        }),
      ),
      setForegroundServiceSettings: (foregroundService: unknown) => store({ ...settings(), foregroundService }),
      // What the user sees of these is not simulated.
      updateDisplay() {},
      setAvailable() {},
      canMakeMultipleCalls() {},
      setReachable() {},
      openPhoneAccounts() {},
      openPhoneAccountSettings() {},
      backToForeground() {},
      clearInitialEvents() {
        delayed = [];
      },
    },
    asks: {
      checkPhoneAccountPermission: () => false,
      checkDefaultPhoneAccount: () => false,
      checkPhoneAccountEnabled: hasPhoneAccount,
      hasPhoneAccount,
      hasOutgoingCall: () => false,
      hasPermissions: () => true,
      isConnectionServiceAvailable: () => true,
      checkIsInManagedCall: () => false,
      getInitialEvents: () => delayed,
      getAudioRoutes: () => audioRoutes,
      setAudioRoute(_uuid: string, name: string) {
        if (!audioRoutes.some((route) => route.name === name))
          throw nativeRejection("SetAudioRoute", `There is no route ${name}.`);
        return true;
      },
    },
  });

  return {
    module,
    reportNewIncomingCall(call, payload) {
      display(call);
      send("RNCallKeepDidDisplayIncomingCall", {
        handle: call.handle,
        callUUID: call.uuid,
        name: call.callerName,
        hasVideo: String(call.hasVideo),
        ...(payload === undefined ? {} : { payload }),
      });
    },
    onCreateIncomingConnection(connectionId) {
      const call = added.get(connectionId);
      if (call === undefined) return native.log(`Telecom created a connection nobody asked for: ${connectionId}.`);
      connections.set(connectionId, { call, isAnswered: false, isMuted: false });
      native.ask("connection.setRinging", { connectionId });
      // At the ring, not at the answer; an exception is caught.
      if (isForegroundConfigured()) native.ask("service.startForeground", { types: foregroundServiceTypes });
    },
    onCreateIncomingConnectionFailed(connectionId) {
      const call = added.get(connectionId);
      added.delete(connectionId);
      if (call !== undefined) send("RNCallKeepOnIncomingConnectionFailed", described(call));
    },
    onConnection(callback, connectionId) {
      const connection = connections.get(connectionId);
      if (connection === undefined) return native.log(`There is no connection ${connectionId}.`);
      switch (callback) {
        case "ShowIncomingCallUi":
          return send("RNCallKeepShowIncomingCallUi", {
            ...described(connection.call),
            hasVideo: String(connection.call.hasVideo),
          });
        case "Answer":
          return answer(connection);
        case "Reject":
        case "Abort":
          return end(connection, "REJECTED");
        case "Disconnect":
          return end(connection, "LOCAL");
        case "Hold":
          return hold(connection, true);
        case "Unhold":
          return hold(connection, false);
        case "Silence":
          return send("RNCallKeepOnSilenceIncomingCall", described(connection.call));
      }
    },
    onHostDestroy() {
      if (!hasPhoneAccount()) return false;
      for (const connection of connections.values()) end(connection, "LOCAL");
      return true;
    },
  };
}

/**
 * What JavaScript gets back as the handle: the module makes a `tel` URI of it, in which everything but letters, digits and
 * `_-!.~'()*` is escaped (`Uri.fromParts`), and cuts the scheme off again.
 */
function uriNumber(handle: string): string {
  return encodeURIComponent(handle);
}

/** What the device link is told: the address as a person would say it, which the escaped one is not. */
function spokenAddress(handle: string): string {
  return /[:@]/.test(handle) ? handle : `tel:${handle}`;
}
