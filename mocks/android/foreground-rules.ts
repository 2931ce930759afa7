import type { ForegroundType } from "../../harness/trace/android-event.ts";

/** What the system looks at when an app starts a foreground service. */
export interface ForegroundFacts {
  /** The app is in sight. */
  readonly isVisible: boolean;
  /** It runs a foreground service already. */
  readonly isForegroundService: boolean;
  /** A message that was delivered as high came a moment ago. */
  readonly hasHighMessage: boolean;
  /** Telecom keeps the app in the foreground for a call. */
  readonly hasTelecomCall: boolean;
  /** The user tapped a notification of its a moment ago. */
  readonly hasUserAction: boolean;
  /** The user has answered a call that lives, or did a moment ago. */
  readonly hasAnswered: boolean;
  /** `MANAGE_OWN_CALLS` */
  readonly manageOwnCalls: boolean;
}

export interface ForegroundRefusal {
  readonly exception: string;
  readonly why: string;
}

const whileInUse: ReadonlySet<ForegroundType> = new Set(["microphone", "camera"]);

/**
 * Why `startForeground` throws, or undefined. In the background it needs one of the exemptions (Android, "Restrictions on
 * starting a foreground service from the background"). Microphone and camera are while-in-use permissions, which an app out
 * of sight does not have even then; it has them once the user acted on the call, which is not before the answer.
 */
export function foregroundRefusal(
  types: readonly ForegroundType[],
  facts: ForegroundFacts,
): ForegroundRefusal | undefined {
  const { isVisible, isForegroundService, hasHighMessage, hasTelecomCall, hasUserAction } = facts;
  if (types.length === 0)
    return { exception: "MissingForegroundServiceTypeException", why: "the service names no type" };
  if (!isVisible && !isForegroundService && !hasHighMessage && !hasTelecomCall && !hasUserAction)
    return {
      exception: "ForegroundServiceStartNotAllowedException",
      why: "the app is in the background, and neither a high priority message, a call in Telecom nor the user lets it",
    };
  if (types.includes("phoneCall") && !facts.manageOwnCalls)
    return { exception: "SecurityException", why: "phoneCall needs MANAGE_OWN_CALLS" };
  const early = types.find((type) => whileInUse.has(type));
  if (early !== undefined && !isVisible && !facts.hasAnswered)
    return { exception: "SecurityException", why: `${early} is for apps in use, and no call was answered` };
  return undefined;
}
