import type { HarnessRequests } from "../../device-link/messages.ts";
import type { AndroidCallKeep } from "./android-call-keep.ts";
import { pushedCall, type PushedCallKeys } from "./app-delegate.ts";
import type { Firebase } from "./firebase.ts";
import type { HeadlessTasks } from "./headless-tasks.ts";
import type { NativeSide } from "./native-side.ts";

/** What the native side of such apps does with an FCM message. */
export interface MessagingService {
  /**
   * Who shows the call: JavaScript, from its background handler; or a service of the app's own in Kotlin or Java, before it, by
   * `RNCallKeepModule.reportNewIncomingCall`.
   *
   * @default "js"
   */
  readonly report?: "js" | "native";
  /** For `native`: pointers into the message's data. */
  readonly payload?: PushedCallKeys;
}

type Message = HarnessRequests["messagingService.onMessageReceived"]["params"]["message"];

const TASK = "ReactNativeFirebaseMessagingHeadlessTask";

const priorities = { high: 1, normal: 2 } as const;

/** `ReactNativeFirebaseMessagingReceiver.onReceive`, and what the app's own service does before it. */
export function receiveMessage(
  message: Message,
  {
    config,
    native,
    callKeep,
    firebase,
    tasks,
    isInForeground,
  }: {
    readonly config: MessagingService;
    readonly native: NativeSide;
    readonly callKeep: AndroidCallKeep;
    readonly firebase: Firebase;
    readonly tasks: HeadlessTasks;
    readonly isInForeground: boolean;
  },
): void {
  if (config.report === "native" && config.payload !== undefined) {
    const call = pushedCall(message.data, config.payload);
    if (call.isCall) callKeep.reportNewIncomingCall(call, JSON.stringify(message.data));
  }
  const remote = remoteMessage(message);
  if (isInForeground) return firebase.sendEvent("messaging_message_received", remote);
  // A service cannot be started from the background for less (Android 8).
  if (message.priority !== "high")
    return native.log("Background messages only work if the message priority is set to 'high'");
  native.ask("wakeLock.acquire", {});
  tasks.start(TASK, remote, () => native.ask("wakeLock.release", {}));
}

/** `ReactNativeFirebaseMessagingSerializer.remoteMessageToWritableMap`: all of `data` is strings, `ttl` is seconds. */
function remoteMessage(message: Message): Readonly<Record<string, unknown>> {
  const { messageId, data, notification, priority, originalPriority, sentTime, ttlMs, collapseKey } = message;
  return {
    ...(collapseKey === undefined ? {} : { collapseKey }),
    from: "1234567890",
    messageId,
    data,
    ttl: Math.floor(ttlMs / 1000),
    sentTime,
    priority: priorities[priority],
    originalPriority: priorities[originalPriority],
    ...(notification === undefined ? {} : { notification: { ...notification, android: {} } }),
  };
}
