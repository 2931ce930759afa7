import { isUUID, newUUID } from "./app/uuid.js";

// What the app's own Swift and Kotlin do. On a phone this is native code of a few lines; here it is what the simulated phone runs.

const KNOWN = "KnownCalls";

/**
 * The UUID under which a call is shown, by Call-ID: whoever claims a call first gives it one, as a push and its INVITE may come at once.
 * It stays: a push that comes late is reported under the UUID of its call.
 */
function claim(native, callId, uuid) {
  const known = native.storage.get(KNOWN) ?? {};
  if (known[callId] === undefined) native.storage.set(KNOWN, { ...known, [callId]: uuid });
  return known[callId] ?? uuid;
}

/** For calls that JavaScript hears of by their INVITE. */
function knownCalls(native) {
  native.storage.set(KNOWN, {});
  return { claim: async (callId, uuid) => claim(native, callId, uuid) };
}

/** The call's notification on Android, and the foreground service that an answered call needs. */
function callNotification(native) {
  const post = (callUUID, fullScreenIntent, actions) =>
    native.ask("notification.post", { notificationId: callUUID, style: "CallStyle", fullScreenIntent, actions });
  const running = new Set();
  return {
    addListener() {},
    removeListeners() {},
    showIncoming: (callUUID) => post(callUUID, true, ["answer", "decline"]),
    showOngoing(callUUID) {
      if (running.has(callUUID)) return;
      running.add(callUUID);
      // An ongoing CallStyle notification has to belong to a foreground service.
      if (running.size === 1) native.ask("service.startForeground", { types: ["phoneCall", "microphone"] });
      post(callUUID, false, ["hangup"]);
    },
    cancel(callUUID) {
      native.ask("notification.cancel", { notificationId: callUUID });
      if (!running.delete(callUUID)) return;
      if (running.size === 0) native.ask("service.stopForeground", {});
    },
  };
}

export function nativeModules(native, platform) {
  return platform === "ios" ? { KnownCalls: knownCalls(native) } : { CallNotification: callNotification(native) };
}

/** The user tapped a button of the notification. */
export function onNotificationAction({ notificationId, action }, native) {
  native.emit("CallNotificationAction", { callUUID: notificationId, action });
}

/** The AppDelegate looks up a call whose INVITE may be there already. */
export function knownCall(payload, native) {
  const key = payload?.callId ?? payload?.callUUID;
  return key === undefined ? undefined : claim(native, key, isUUID(payload.callUUID) ? payload.callUUID : newUUID());
}
