import type { OtherCall } from "../../harness/trace/android-event.ts";

/** How the app's calls reach Telecom: what it said of itself in `initialize`. */
export type TelecomStyle = "self-managed" | "managed" | "core" | "none";

/** Android, "App Standby Buckets": how much the app is used. */
export type StandbyBucket = "active" | "working-set" | "frequent" | "rare" | "restricted";

/** What is true of a phone apart from the app on it. */
export interface AndroidSettings {
  /** Off: no packets; messages wait at FCM. */
  readonly network: boolean;
  /** The device has been idle for long. Ends when its user picks it up. */
  readonly doze: boolean;
  readonly bucket: StandbyBucket;
  /** FCM treats the app as one whose high messages show nothing, whatever it did here. */
  readonly deprioritised: boolean;
  /** The keyguard shows: a full-screen intent is launched at once; on a phone in use it is a heads-up. */
  readonly locked: boolean;
  /** `POST_NOTIFICATIONS`, asked of the user since Android 13. */
  readonly postNotifications: boolean;
  /** `USE_FULL_SCREEN_INTENT`, which since Android 14 may be revoked. */
  readonly fullScreenIntent: boolean;
  /** `MANAGE_OWN_CALLS`, without which no calls of its own reach Telecom. */
  readonly manageOwnCalls: boolean;
  readonly otherCall: OtherCall;
  /**
   * What becomes of an incoming call while another app's call cannot be held. `refuse`: Telecom does not take it
   * (`TelecomManager.isIncomingCallPermitted`). `own-ui`: Telecom asks the user itself ("the Telecom framework will display its
   * own incoming call user interface", `Connection.onShowIncomingCallUi`). Which of them a phone does is unverified.
   */
  readonly whenUnholdable: "refuse" | "own-ui";
  /**
   * Whether a CallStyle notification of an app that has a call in Telecom is shown although `postNotifications` is denied, as
   * Android 13's "Notification runtime permission" exempts apps that manage their own calls. Unverified for Core-Telecom.
   */
  readonly callStyleExempt: boolean;
}

/** An ordinary phone: awake, locked, in good standing, with every permission. */
export const defaultAndroidSettings: AndroidSettings = {
  network: true,
  doze: false,
  bucket: "active",
  deprioritised: false,
  locked: true,
  postNotifications: true,
  fullScreenIntent: true,
  manageOwnCalls: true,
  otherCall: "none",
  whenUnholdable: "refuse",
  callStyleExempt: true,
};
