// Pushes, and what the system says about calls.
import {
  getMessaging,
  getToken,
  onMessage,
  onTokenRefresh,
  setBackgroundMessageHandler,
} from "@react-native-firebase/messaging";
import { NativeEventEmitter, NativeModules, Platform } from "react-native";
import RNCallKeep, { CONSTANTS } from "react-native-callkeep";
import VoipPushNotification from "react-native-voip-push-notification";
import { loadAccount } from "./account";
import { isUUID, newUUID } from "./uuid";

export function setUpPushes(calls) {
  const seen = new Set();

  /** `RNCallKeepPerformAnswerCallAction` and the like: the names under which buffered events come. */
  const native = {
    RNCallKeepPerformAnswerCallAction: ({ callUUID }) => calls.answered(callUUID),
    RNCallKeepPerformEndCallAction: ({ callUUID }) => calls.ended(callUUID),
    RNCallKeepDidDisplayIncomingCall: displayed,
    RNCallKeepDidToggleHoldAction: ({ callUUID, hold }) => calls.held(callUUID, hold),
    RNCallKeepDidActivateAudioSession: () => calls.audio(true),
    RNCallKeepDidDeactivateAudioSession: () => calls.audio(false),
    RNCallKeepProviderReset: () => calls.reset(),
  };

  RNCallKeep.addEventListener("didLoadWithEvents", (events) => {
    for (const { name, data } of events ?? []) native[name]?.(data ?? {});
    // iOS hands the same events over again whenever listening begins anew.
    RNCallKeep.clearInitialEvents();
  });
  RNCallKeep.addEventListener("answerCall", native.RNCallKeepPerformAnswerCallAction);
  RNCallKeep.addEventListener("endCall", native.RNCallKeepPerformEndCallAction);
  RNCallKeep.addEventListener("didToggleHoldCallAction", native.RNCallKeepDidToggleHoldAction);
  RNCallKeep.addEventListener("didDisplayIncomingCall", displayed);

  if (Platform.OS === "ios") setUpIos();
  else setUpAndroid();

  function displayed({ callUUID, errorCode, fromPushKit, payload, handle, localizedCallerName }) {
    if (fromPushKit === "1" && payload) {
      const key = keyOf(payload);
      calls.wake();
      if (key === undefined) return; // the AppDelegate has ended it again
      if (!calls.canRing()) return RNCallKeep.reportEndCallWithUUID(callUUID, CONSTANTS.END_CALL_REASONS.FAILED);
      if (errorCode === "CallUUIDAlreadyExists") return;
      calls.pushed({ uuid: callUUID, key, handle, callerName: localizedCallerName });
    }
    if (errorCode === "FilteredByDoNotDisturb" || errorCode === "FilteredByBlockList") calls.notShown(callUUID, 480);
    else if (errorCode && errorCode !== "CallUUIDAlreadyExists") calls.notShown(callUUID, 486);
  }

  function setUpIos() {
    RNCallKeep.addEventListener("didActivateAudioSession", () => calls.audio(true));
    RNCallKeep.addEventListener("didDeactivateAudioSession", () => calls.audio(false));
    RNCallKeep.addEventListener("didResetProvider", () => calls.reset());
    const registered = (token) => {
      if (token)
        calls.useToken({ "pn-provider": "apns", "pn-param": loadAccount()?.pushParam ?? "", "pn-prid": token });
    };
    const notified = (payload) => {
      calls.wake();
      const uuid = payload?.uuid ?? payload?.callUUID;
      if (uuid !== undefined) VoipPushNotification.onVoipNotificationCompleted(uuid);
    };
    VoipPushNotification.addEventListener("didLoadWithEvents", (events) => {
      for (const { name, data } of events ?? []) {
        if (name === VoipPushNotification.RNVoipPushRemoteNotificationsRegisteredEvent) registered(data);
        if (name === VoipPushNotification.RNVoipPushRemoteNotificationReceivedEvent) notified(data);
      }
    });
    VoipPushNotification.addEventListener("register", registered);
    VoipPushNotification.addEventListener("notification", notified);
  }

  function setUpAndroid() {
    const messaging = getMessaging();
    const registered = (token) =>
      calls.useToken({ "pn-provider": "fcm", "pn-param": loadAccount()?.pushParam ?? "", "pn-prid": token });
    onTokenRefresh(messaging, registered);
    getToken(messaging).then(registered, () => {});
    setBackgroundMessageHandler(messaging, received);
    onMessage(messaging, received);

    RNCallKeep.addEventListener("showIncomingCallUi", ({ callUUID, name }) =>
      NativeModules.CallNotification.showIncoming(callUUID, name ?? ""),
    );
    RNCallKeep.addEventListener("createIncomingConnectionFailed", ({ callUUID }) => calls.notShown(callUUID, 486));
    new NativeEventEmitter(NativeModules.CallNotification).addListener(
      "CallNotificationAction",
      ({ callUUID, action }) => {
        if (action === "answer") RNCallKeep.answerIncomingCall(callUUID);
        else if (action === "decline") RNCallKeep.rejectCall(callUUID);
        else RNCallKeep.endCall(callUUID);
      },
    );
  }

  /** An FCM message, in front or behind. The promise keeps the headless task, and with it the app, alive until the call is settled. */
  async function received({ data = {}, messageId }) {
    const key = keyOf(data);
    if (seen.has(messageId)) return;
    seen.add(messageId);
    const registered = calls.wake();
    if (key === undefined || !calls.canRing()) return await registered;
    const uuid = isUUID(data.callUUID) ? data.callUUID : newUUID();
    const isNew = calls.callOf(uuid) === undefined;
    const handle = data.handle ?? "";
    const callerName = data.callerName ?? "";
    const call = calls.pushed({ uuid, key, handle, callerName });
    if (call === undefined) return;
    if (isNew && call.uuid === uuid)
      RNCallKeep.displayIncomingCall(uuid, handle, callerName, "generic", data.hasVideo === "true");
    await call.settled;
  }
}

/** What push and INVITE have in common. */
function keyOf(payload) {
  const key = payload.callId ?? payload.callUUID;
  return typeof key === "number" ? String(key) : typeof key === "string" && key !== "" ? key : undefined;
}
