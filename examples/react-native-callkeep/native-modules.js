// What the app's own Swift and Kotlin do. On a phone this is native code of a few lines; here it is what the simulated phone runs.

/** The calls JavaScript knows, so that a push which comes after its INVITE is reported under the UUID that rings already. */
function knownCalls(native) {
  const key = "KnownCalls";
  native.storage.set(key, {});
  return {
    add: (callId, uuid) => native.storage.set(key, { ...native.storage.get(key), [callId]: uuid }),
    remove(callId) {
      const { [callId]: _gone, ...others } = native.storage.get(key);
      native.storage.set(key, others);
    },
  };
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

/** The AppDelegate looks up a call it may know already. */
export function knownCall(payload, native) {
  const key = payload?.callId ?? payload?.callUUID;
  return native.storage.get("KnownCalls")?.[key];
}
