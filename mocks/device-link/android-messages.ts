import { z } from "zod";
import { fromApp, onlyOn, toApp } from "./message-definition.ts";

const connectionId = z.string().describe("Made by the app; the callUUID of media.*");
const notificationId = z.union([z.number(), z.string()]);
const priority = z.enum(["high", "normal"]);
const forConnection = { connectionId };

/** Names of android.telecom.DisconnectCause's constants. */
const cause = z.enum([
  "UNKNOWN",
  "ERROR",
  "LOCAL",
  "REMOTE",
  "CANCELED",
  "MISSED",
  "REJECTED",
  "BUSY",
  "RESTRICTED",
  "OTHER",
  "CONNECTION_MANAGER_NOT_SUPPORTED",
  "ANSWERED_ELSEWHERE",
  "CALL_PULLED",
]);

const call = {
  connectionId,
  handle: z.string(),
  displayName: z.string().exactOptional(),
  hasVideo: z.boolean(),
};

/** DEVICE-LINK section 4: FirebaseMessagingService, Telecom (ConnectionService or Core-Telecom), notifications and services. */
export const androidMessages = onlyOn("android", {
  "messagingService.onNewToken": toApp("The token, after the first launch and when it changes", { token: z.string() }),
  "messagingService.onMessageReceived": toApp("A push; answered when the handler returns", {
    message: z.object({
      messageId: z.string(),
      data: z.record(z.string(), z.string()),
      notification: z.looseObject({}).exactOptional(),
      priority: priority.describe("What it was delivered as"),
      originalPriority: priority.describe("What it was sent as"),
      sentTime: z.number().describe("Unix milliseconds"),
      ttlMs: z.number().nonnegative(),
      collapseKey: z.string().exactOptional(),
    }),
  }),
  "connectionService.onCreateIncomingConnection": toApp("Telecom accepted addNewIncomingCall", {
    connectionId,
    extras: z.record(z.string(), z.unknown()),
  }),
  "connectionService.onCreateIncomingConnectionFailed": toApp("Telecom refused addNewIncomingCall", forConnection),
  "connection.onShowIncomingCallUi": toApp("The app shows its own call notification", forConnection),
  "connection.onAnswer": toApp("The user answered outside the app", forConnection),
  "connection.onReject": toApp("The user declined outside the app", forConnection),
  "connection.onDisconnect": toApp("The user hung up outside the app", forConnection),
  "connection.onAbort": toApp("Telecom gives the call up", forConnection),
  "connection.onHold": toApp("Hold the call", forConnection),
  "connection.onUnhold": toApp("Take the call back", forConnection),
  "connection.onSilence": toApp("Stop the ringing, keep the call", forConnection),
  "notification.action": toApp("The user tapped a button of a notification", {
    notificationId,
    action: z.enum(["answer", "decline", "hangup"]),
  }),
  "service.onTimeout": toApp("The time of a foreground service is over", {}),
  "task.removed": toApp("The user swiped the app away", {}),
  "callsManager.onAnswer": toApp("Core-Telecom: answer; answered when the suspend callback returns", forConnection),
  "callsManager.onDisconnect": toApp("Core-Telecom: disconnect", { connectionId, cause: cause.exactOptional() }),
  "callsManager.onSetActive": toApp("Core-Telecom: make it the active call", forConnection),
  "callsManager.onSetInactive": toApp("Core-Telecom: hold it", forConnection),

  "telecom.addNewIncomingCall": fromApp("TelecomManager.addNewIncomingCall", call),
  "connection.setRinging": fromApp("Connection.setRinging", forConnection),
  "connection.setActive": fromApp("Connection.setActive", forConnection),
  "connection.setOnHold": fromApp("Connection.setOnHold", forConnection),
  "connection.setDisconnected": fromApp("Connection.setDisconnected", { connectionId, cause }),
  "connection.destroy": fromApp("Connection.destroy", forConnection),
  "notification.post": fromApp("NotificationManager.notify; the same id updates", {
    notificationId,
    style: z.enum(["CallStyle", "standard", "none"]),
    fullScreenIntent: z.boolean(),
    actions: z.array(z.string()),
  }),
  "notification.cancel": fromApp("NotificationManager.cancel", { notificationId }),
  "service.startForeground": fromApp("Service.startForeground", {
    types: z.array(z.enum(["phoneCall", "microphone", "camera"])),
  }),
  "service.stopForeground": fromApp("Service.stopForeground", {}),
  "wakeLock.acquire": fromApp("WakeLock.acquire", {}),
  "wakeLock.release": fromApp("WakeLock.release", {}),
  "callsManager.addCall": fromApp("Core-Telecom: CallsManager.addCall", {
    ...call,
    direction: z.enum(["incoming", "outgoing"]),
  }),
  "callControl.answer": fromApp("Core-Telecom: CallControlScope.answer", forConnection),
  "callControl.setActive": fromApp("Core-Telecom: CallControlScope.setActive", forConnection),
  "callControl.setInactive": fromApp("Core-Telecom: CallControlScope.setInactive", forConnection),
  "callControl.disconnect": fromApp("Core-Telecom: CallControlScope.disconnect; LOCAL, REMOTE, MISSED or REJECTED", {
    connectionId,
    cause: cause.exactOptional(),
  }),
});
