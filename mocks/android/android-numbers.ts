import { powerNumbers, type PowerNumbers } from "./power-numbers.ts";

/** Every number of a simulated Android phone that runs an app, which `os` of the config may change. */
export interface AndroidNumbers extends PowerNumbers {
  /**
   * From the decision to start the app's process until its launch code runs. Real phones take from a few hundred milliseconds
   * to seconds. Unverified.
   *
   * @default 500
   */
  readonly coldStartMs: number;
  /**
   * The window of `onMessageReceived`. Firebase, "Receive messages in Android apps", now says close to ten seconds and once
   * said twenty; it may be shorter.
   *
   * @default 10_000
   */
  readonly messageHandlerMs: number;
  /**
   * How many high messages that showed the user nothing, within `deprioritiseDays`, make FCM deliver the next ones as normal.
   * Firebase names no number. 0: never. Unverified.
   *
   * @default 3
   */
  readonly deprioritiseAfter: number;
  /**
   * How far back FCM looks: seven days (Firebase, "Set and manage Android message priority").
   *
   * @default 7
   */
  readonly deprioritiseDays: number;
  /**
   * High messages a day for an app in the Frequent bucket; the rest is treated as normal. 0: no limit. 10 up to Android 12
   * (Android, "Power management restrictions"); from Android 13 on the bucket sets no limit.
   *
   * @default 0
   */
  readonly highPerDayFrequent: number;
  /**
   * The same for the Rare bucket, where Android 12 and older have 5.
   *
   * @default 0
   */
  readonly highPerDayRare: number;
  /**
   * The same for the Restricted bucket, where Android 12 and older have 5.
   *
   * @default 0
   */
  readonly highPerDayRestricted: number;
  /**
   * Self-managed calls at once (AOSP `CallsManager.MAXIMUM_SELF_MANAGED_CALLS`).
   *
   * @default 10
   */
  readonly maxSelfManagedCalls: number;
  /**
   * Managed calls that ring at once (AOSP `CallsManager.MAXIMUM_RINGING_CALLS`).
   *
   * @default 1
   */
  readonly maxManagedRingingCalls: number;
  /**
   * A suspend callback of Core-Telecom that has not returned by then fails (AOSP `VoipCallTransaction.TIMEOUT_LIMIT`).
   *
   * @default 5_000
   */
  readonly coreCallbackMs: number;
  /**
   * How long a call may live without a CallStyle notification, at its beginning and after one was removed, before Telecom
   * stops keeping the app in the foreground (AOSP `VoipCallMonitor`).
   *
   * @default 5_000
   */
  readonly callStyleGraceMs: number;
  /**
   * How long a full-screen notification stands as a heads-up where the permission for full-screen intents is missing (Android
   * Open Source Project, "Full-screen intent limits").
   *
   * @default 60_000
   */
  readonly headsUpMs: number;
  /**
   * How long after the user tapped a notification the app may start a foreground service from the background, also one that
   * needs the microphone or camera. Android says that it may, not for how long. Unverified.
   *
   * @default 10_000
   */
  readonly userActionMs: number;
  /**
   * From `startForegroundService` until `startForeground` is due. Documented as five seconds; AOSP waits ten in Android 9 to
   * 12 (`ActiveServices.SERVICE_START_FOREGROUND_TIMEOUT`) and thirty since. Unverified for real phones.
   *
   * @default 10_000
   */
  readonly startForegroundMs: number;
  /**
   * From `Service.onTimeout` until the service must have stopped: "a few seconds" (Android, "Foreground service timeouts").
   * Unverified.
   *
   * @default 5_000
   */
  readonly serviceStopMs: number;
  /**
   * An app in the background that nothing keeps running is frozen after this long (AOSP
   * `CachedAppOptimizer.DEFAULT_FREEZER_DEBOUNCE_TIMEOUT`; ten minutes in Android 12 and 13). 0: never.
   *
   * @default 10_000
   */
  readonly freezeAfterMs: number;
}

const defaults: Omit<AndroidNumbers, keyof PowerNumbers> = {
  coldStartMs: 500,
  messageHandlerMs: 10_000,
  deprioritiseAfter: 3,
  deprioritiseDays: 7,
  highPerDayFrequent: 0,
  highPerDayRare: 0,
  highPerDayRestricted: 0,
  maxSelfManagedCalls: 10,
  maxManagedRingingCalls: 1,
  coreCallbackMs: 5_000,
  callStyleGraceMs: 5_000,
  headsUpMs: 60_000,
  userActionMs: 10_000,
  startForegroundMs: 10_000,
  serviceStopMs: 5_000,
  freezeAfterMs: 10_000,
};

/** Those of the config where it names them, the defaults elsewhere. */
export function androidNumbers(os: Readonly<Record<string, number>>): AndroidNumbers {
  const own = Object.entries(defaults).map(([name, value]) => [name, os[name] ?? value] as const);
  return { ...powerNumbers(os), ...(Object.fromEntries(own) as typeof defaults) };
}
