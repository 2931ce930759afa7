/** What RingTrue may ask of an app, by platform. */
const SHARED = [
  "device.launch",
  "device.terminate",
  "device.suspend",
  "device.background",
  "device.foreground",
  "network.changed",
  "account.changed",
];
const IOS = [
  "pushRegistry.didUpdatePushCredentials",
  "pushRegistry.didInvalidatePushToken",
  "pushRegistry.didReceiveIncomingPush",
  "provider.perform",
  "provider.timedOutPerforming",
  "provider.didActivateAudioSession",
  "provider.didDeactivateAudioSession",
  "provider.didReset",
];
const ANDROID = [
  "messagingService.onNewToken",
  "messagingService.onMessageReceived",
  "connectionService.onCreateIncomingConnection",
  "connectionService.onCreateIncomingConnectionFailed",
  "connection.onShowIncomingCallUi",
  "connection.onAnswer",
  "connection.onReject",
  "connection.onDisconnect",
  "connection.onAbort",
  "connection.onHold",
  "connection.onUnhold",
  "connection.onSilence",
  "notification.action",
  "service.onTimeout",
  "task.removed",
  "callsManager.onAnswer",
  "callsManager.onDisconnect",
  "callsManager.onSetActive",
  "callsManager.onSetInactive",
];

const platforms: ReadonlyMap<string, "ios" | "android" | "both"> = new Map([
  ...SHARED.map((name) => [name, "both"] as const),
  ...IOS.map((name) => [name, "ios"] as const),
  ...ANDROID.map((name) => [name, "android"] as const),
]);

/** Whose method it is; undefined for one that does not exist. */
export function platformOfMethod(method: string): "ios" | "android" | "both" | undefined {
  return platforms.get(method);
}
