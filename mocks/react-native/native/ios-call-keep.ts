import type { HarnessRequests } from "../../device-link/messages.ts";
import type { CallEndedReason } from "../../../harness/trace/ios-event.ts";
import type { NativeModule } from "../native-host.ts";
import { bridgedModule, nativeRejection } from "./bridge.ts";
import type { CallKit, CallUpdate } from "./call-kit.ts";
import type { NativeSide, OsReply } from "./native-side.ts";
import { observed } from "./observed.ts";

type PerformedAction = HarnessRequests["provider.perform"]["params"]["action"];

/** Arguments of `RNCallKeep.reportNewIncomingCall:...` that differ from call to call. */
export interface CallKeepReport {
  readonly uuid: string;
  readonly handle: string;
  readonly handleType: string;
  readonly hasVideo: boolean;
  readonly callerName: string;
  readonly fromPushKit: boolean;
  readonly payload?: unknown;
  /** Called when the report is completed, whatever came of it. */
  readonly completion?: () => void;
}

/** The Objective-C side of react-native-callkeep 4.3.16 (`ios/RNCallKeep/RNCallKeep.m`), which `RNCallKeep` of JavaScript talks to. */
export interface IosCallKeep {
  readonly module: NativeModule;
  /** `[RNCallKeep setup:]` of an AppDelegate; JavaScript's own is ignored from then on. */
  setup(settings: Readonly<Record<string, unknown>>): void;
  reportNewIncomingCall(report: CallKeepReport): void;
  /** `[RNCallKeep endCallWithUUID:reason:]` */
  endCall(uuid: string, reason: number): void;
  perform(action: PerformedAction): void;
  didActivateAudioSession(): void;
  didDeactivateAudioSession(): void;
  didReset(): void;
}

const SETTINGS = "RNCallKeepSettings";

/** A reason it has no case for does nothing. */
const endReasons: Readonly<Record<number, CallEndedReason>> = {
  1: "failed",
  2: "remoteEnded",
  3: "unanswered",
  4: "answeredElsewhere",
  5: "declinedElsewhere",
  6: "remoteEnded",
};

/** `getIncomingCallErrorCode:` */
const errorNames: Readonly<Record<number, string>> = {
  1: "Unentitled",
  2: "CallUUIDAlreadyExists",
  3: "FilteredByDoNotDisturb",
  4: "FilteredByBlockList",
};

const handleTypes = { email: "emailAddress", number: "phoneNumber", phone: "phoneNumber" } as const;

const audioRoutes = [
  { name: "Speaker", type: "Speaker" },
  { name: "iPhone Microphone", type: "Phone", selected: true },
];

export function iosCallKeep(native: NativeSide, callKit: CallKit): IosCallKeep {
  /** What came before anybody listened. Delivered again whenever listening begins anew; only JavaScript clears it. */
  let delayed: { readonly name: string; readonly data?: unknown }[] = [];
  let isObserved = false;
  let isReachable = false;
  let isSetUpNatively = false;
  const startedHandles = new Map<string, string>();

  const observer = observed(native, {
    startObserving() {
      isObserved = true;
      if (delayed.length > 0) observer.send("RNCallKeepDidLoadWithEvents", delayed);
    },
    stopObserving() {
      isObserved = false;
      observer.forget();
    },
  });
  const send = (name: string, data?: unknown): void => {
    if (isObserved) observer.send(name, data ?? null);
    else delayed.push(data === undefined ? { name } : { name, data });
  };
  const settings = (): Readonly<Record<string, unknown>> | undefined =>
    native.storage.get(SETTINGS) as Readonly<Record<string, unknown>> | undefined;
  const store = (options: unknown): void => void native.storage.set(SETTINGS, options);
  const typeOf = (name: string) =>
    Object.hasOwn(handleTypes, name) ? handleTypes[name as keyof typeof handleTypes] : "generic";

  function report({
    uuid,
    handle,
    hasVideo,
    callerName,
    fromPushKit,
    payload,
    completion,
    ...how
  }: CallKeepReport): void {
    // Messages to nil do nothing: without settings there is no provider, and nothing is reported.
    if (settings() === undefined) return native.log("RNCallKeep was never set up: there is no provider to report to.");
    const update: CallUpdate = {
      remoteHandle: { type: typeOf(how.handleType), value: handle },
      hasVideo,
      ...(callerName === "" ? {} : { localizedCallerName: callerName }),
    };
    callKit.reportNewIncomingCall(uuid, update, (reply) => {
      send("RNCallKeepDidDisplayIncomingCall", {
        error: reply.kind === "error" ? reply.error.message : "",
        errorCode: reply.kind === "error" ? (errorNames[codeOf(reply)] ?? "Unknown") : "",
        callUUID: uuid,
        handle,
        localizedCallerName: callerName,
        hasVideo: hasVideo ? "1" : "0",
        supportsHolding: "1",
        supportsDTMF: "1",
        supportsGrouping: "1",
        supportsUngrouping: "1",
        fromPushKit: fromPushKit ? "1" : "0",
        payload: payload ?? "",
      });
      completion?.();
    });
  }

  function endCall(uuid: string, reason: number): void {
    const named = endReasons[reason];
    if (named !== undefined && settings() !== undefined) callKit.reportEnded(uuid, named);
  }

  function displayIncomingCall(
    uuid: string,
    handle: string,
    handleType: string,
    hasVideo: boolean,
    callerName: string | null,
  ): void {
    report({ uuid, handle, handleType, hasVideo, callerName: callerName ?? "", fromPushKit: false });
    const timeoutMs = settings()?.["displayCallReachabilityTimeout"];
    if (typeof timeoutMs !== "number") return;
    native.clock.after(timeoutMs, () => {
      if (!isReachable) endCall(uuid, 1);
    });
  }

  function updateDisplay(
    uuid: string,
    callerName: string | null,
    handle: string,
    options: { hasVideo?: boolean } | null,
  ): void {
    callKit.reportUpdated(uuid, {
      remoteHandle: { type: "phoneNumber", value: handle },
      ...(callerName === null ? {} : { localizedCallerName: callerName }),
      ...(options?.hasVideo === undefined ? {} : { hasVideo: options.hasVideo }),
    });
  }

  const module = bridgedModule(native.runtime, {
    calls: {
      ...observer.calls,
      setup(options: Readonly<Record<string, unknown>>) {
        if (!isSetUpNatively) store(options);
      },
      setSettings: store,
      displayIncomingCall,
      updateDisplay,
      startCall(uuid: string, handle: string, contact: string | null, handleType: string, hasVideo: boolean) {
        startedHandles.set(uuid.toLowerCase(), handle);
        callKit.request({ type: "start", callUUID: uuid }, (reply) => {
          if (reply.kind === "error") return native.log(`startCall: ${reply.error.message}`);
          callKit.reportUpdated(uuid, {
            remoteHandle: { type: typeOf(handleType), value: handle },
            hasVideo,
            ...(contact === null ? {} : { localizedCallerName: contact }),
          });
        });
      },
      answerIncomingCall: (uuid: string) => request({ type: "answer", callUUID: uuid }),
      endCall: (uuid: string) => request({ type: "end", callUUID: uuid }),
      endAllCalls() {
        for (const { uuid } of callKit.calls) request({ type: "end", callUUID: uuid });
      },
      setOnHold: (uuid: string, onHold: boolean) => request({ type: "setHeld", callUUID: uuid, onHold }),
      setMutedCall: (uuid: string, muted: boolean) => request({ type: "setMuted", callUUID: uuid, muted }),
      sendDTMF: (uuid: string, digits: string) => request({ type: "playDTMF", callUUID: uuid, digits }),
      reportEndCallWithUUID: endCall,
      reportUpdatedCall: (uuid: string, localizedCallerName: string) =>
        callKit.reportUpdated(uuid, { localizedCallerName }),
      setReachable() {
        isReachable = true;
      },
      clearInitialEvents() {
        delayed = [];
      },
      _startCallActionEventListenerAdded() {},
      // CallKit is told by the actions; the device link has no message for the rest.
      reportConnectingOutgoingCallWithUUID() {},
      reportConnectedOutgoingCallWithUUID() {},
    },
    asks: {
      checkIfBusy: () => callKit.calls.length > 0,
      checkSpeaker: () => false,
      isCallActive: (uuid: string) =>
        callKit.calls.some((call) => call.uuid === uuid.toLowerCase() && call.hasConnected),
      getCalls: () =>
        callKit.calls.map(({ uuid, outgoing, onHold, hasConnected }) => ({
          callUUID: uuid.toUpperCase(),
          outgoing,
          onHold,
          hasConnected,
          hasEnded: false,
        })),
      getInitialEvents: () => delayed,
      getAudioRoutes: () => audioRoutes,
      setAudioRoute(_uuid: string, name: string) {
        if (!audioRoutes.some((route) => route.name === name))
          throw nativeRejection("Failure to set audio route", `There is no route ${name}.`);
        return name;
      },
    },
  });

  function request(action: Parameters<CallKit["request"]>[0]): void {
    callKit.request(action, (reply) => {
      if (reply.kind === "error") native.log(`requestTransaction ${action.type}: ${reply.error.message}`);
    });
  }

  return {
    module,
    setup(options) {
      store(options);
      isSetUpNatively = true;
    },
    reportNewIncomingCall: report,
    endCall,
    perform(action) {
      const callUUID = action.callUUID.toLowerCase();
      switch (action.type) {
        case "answer":
          send("RNCallKeepPerformAnswerCallAction", { callUUID });
          break;
        case "end":
          send("RNCallKeepPerformEndCallAction", { callUUID });
          break;
        case "start":
          send("RNCallKeepDidReceiveStartCallAction", { callUUID, handle: startedHandles.get(callUUID) ?? "" });
          break;
        case "setHeld":
          send("RNCallKeepDidToggleHoldAction", { hold: action.onHold, callUUID });
          break;
        case "setMuted":
          send("RNCallKeepDidPerformSetMutedCallAction", { muted: action.muted, callUUID });
          break;
        case "playDTMF":
          send("RNCallKeepDidPerformDTMFAction", { digits: action.digits, callUUID });
          break;
      }
      // Whatever JavaScript makes of the event, and whether or not it is loaded.
      callKit.fulfil(action.id, action);
    },
    didActivateAudioSession: () => send("RNCallKeepDidActivateAudioSession"),
    didDeactivateAudioSession: () => send("RNCallKeepDidDeactivateAudioSession"),
    didReset() {
      callKit.reset();
      send("RNCallKeepProviderReset");
    },
  };
}

/** The code of CallKit's error; 0 is its `unknown`. */
function codeOf(reply: OsReply & { readonly kind: "error" }): number {
  const { data } = reply.error;
  return typeof data === "object" && data !== null && "code" in data && typeof data.code === "number" ? data.code : 0;
}
