import { randomUUID } from "node:crypto";
import { readPointer } from "../../../harness/wire/json-pointer.ts";
import type { HarnessRequests } from "../../device-link/messages.ts";
import { isUUID } from "./call-kit.ts";
import type { IosCallKeep } from "./ios-call-keep.ts";
import type { NativeSide } from "./native-side.ts";
import type { VoipPush } from "./voip-push.ts";

/** Where an app's native code finds a call in a push: JSON pointers (RFC 6901) into its payload. */
export interface PushedCallKeys {
  /** The call's UUID. */
  readonly uuid: string;
  /** Further members of which one is enough to tell that it is a call at all. @default [] */
  readonly others?: readonly string[];
  /** @default "/handle" */
  readonly handle?: string;
  /** @default "/callerName" */
  readonly callerName?: string;
  /** True, or the string "true" or "1". @default "/hasVideo" */
  readonly hasVideo?: string;
}

/** What the AppDelegate of such apps does, in Objective-C or Swift, before any JavaScript runs. */
export interface AppDelegate {
  readonly payload: PushedCallKeys;
  /**
   * Whether `didReceiveIncomingPushWith` reports the call: before it returns, not at all (JavaScript is left to do it), or too late.
   *
   * @default "yes"
   */
  readonly report?: "yes" | "no" | "late";
  /** How late. @default 100 */
  readonly reportLateMs?: number;
  /**
   * Who calls PushKit's completion handler: the completion of the report; JavaScript's `onVoipNotificationCompleted`; both, as the
   * README of react-native-voip-push-notification once had it; nobody.
   *
   * @default "native"
   */
  readonly completion?: "native" | "js" | "both" | "never";
  /** Handle type of the report, in react-native-callkeep's words. @default "generic" */
  readonly handleType?: "generic" | "number" | "email";
  /**
   * What `[RNCallKeep setup:]` is called with at launch. False: only JavaScript sets it up, and a push before it ever did finds no
   * provider to report to.
   *
   * @default { appName: "App" }
   */
  readonly setup?: Readonly<Record<string, unknown>> | false;
  /** Who creates the push registry. `js`: nobody does until `registerVoipToken` is called. @default "native" */
  readonly registersVoip?: "native" | "js";
  /**
   * The UUID under which the app's own native code shows the pushed call already, because its INVITE came first; undefined: it knows
   * none, and `payload.uuid` counts. Asked for a push that is going to be reported.
   *
   * @default it never knows one
   */
  readonly knownCall?: (payload: unknown, native: NativeSide) => string | undefined;
  /** The delegate hands tokens and pushes on to JavaScript. @default true */
  readonly forwards?: boolean;
}

type Push = Omit<HarnessRequests["pushRegistry.didReceiveIncomingPush"]["params"], "device">;

export interface SimulatedAppDelegate {
  didFinishLaunching(): void;
  didUpdatePushCredentials(token: string): void;
  /** `returned` is called when the method returns. */
  didReceiveIncomingPush(push: Push, returned: () => void): void;
}

export function simulatedAppDelegate(
  config: AppDelegate,
  native: NativeSide,
  callKeep: IosCallKeep,
  voip: VoipPush,
): SimulatedAppDelegate {
  const { report = "yes", completion = "native", registersVoip = "native", forwards = true } = config;
  const { payload: keys, handleType = "generic", setup = { appName: "App" }, reportLateMs = 100 } = config;

  function didReceive({ pushId, payload, mustReport = true }: Push): void {
    const pushed = pushedCall(payload, keys);
    const isReported = report !== "no" && mustReport;
    const call = { ...pushed, uuid: (isReported ? config.knownCall?.(payload, native) : undefined) ?? pushed.uuid };
    const complete = (): void => native.ask("pushRegistry.completion", { pushId });
    const isLeftToJs = completion === "js" || completion === "both";
    if (isLeftToJs) voip.addCompletionHandler(call.uuid, complete);
    if (forwards) voip.didReceiveIncomingPush(payload);
    const isNative = completion === "native" || completion === "both";
    const reported = (): void => {
      callKeep.reportNewIncomingCall({
        uuid: call.uuid,
        handle: call.handle,
        callerName: call.callerName,
        hasVideo: call.hasVideo,
        handleType,
        fromPushKit: true,
        payload,
        ...(isNative ? { completion: complete } : {}),
      });
      // There is nothing behind it that could ever be answered.
      if (!call.isCall) callKeep.endCall(call.uuid, 1);
    };
    if (!isReported) {
      if (isNative) complete();
    } else if (report === "late") native.clock.after(reportLateMs, reported);
    else reported();
  }

  return {
    didFinishLaunching() {
      if (setup !== false) callKeep.setup(setup);
      if (registersVoip === "native") voip.register();
    },
    didUpdatePushCredentials(token) {
      voip.whenRegistered(() => {
        if (forwards) voip.didUpdatePushCredentials(token);
      });
    },
    didReceiveIncomingPush(push, returned) {
      voip.whenRegistered(() => {
        didReceive(push);
        returned();
      });
    },
  };
}

/** A call as native code reads it from a push. */
export interface PushedCall {
  /** Generated where the push has none that is one. */
  readonly uuid: string;
  readonly handle: string;
  readonly callerName: string;
  readonly hasVideo: boolean;
  /** False: nothing in the push names a call. */
  readonly isCall: boolean;
}

export function pushedCall(payload: unknown, keys: PushedCallKeys): PushedCall {
  const { others = [], handle = "/handle", callerName = "/callerName", hasVideo = "/hasVideo" } = keys;
  const uuid = readPointer(payload, keys.uuid);
  const text = (pointer: string): string => {
    const value = readPointer(payload, pointer);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const named = text(callerName);
  return {
    uuid: isUUID(uuid) ? uuid : randomUUID(),
    handle: text(handle) || named || "Unknown",
    callerName: named,
    hasVideo: [true, "true", "1"].includes(readPointer(payload, hasVideo) as string | boolean),
    isCall: [keys.uuid, ...others].some((pointer) => text(pointer) !== ""),
  };
}
