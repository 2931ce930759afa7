import type { FcmMessage } from "./fcm-message.ts";
import type { FcmRule } from "./fcm-rule.ts";
import { MAX_TTL_S } from "./message-rules.ts";

const MESSAGES = "Firebase, REST Resource: projects.messages";
const PRIORITY = "Firebase, Set and manage Android message priority";
const LIFESPAN = "Firebase, Set the lifespan of a message";
const TYPES = "Firebase, Firebase Cloud Messaging message types";

/** What FCM accepts, and what then does not wake a sleeping phone for a call, or wakes it too late or for nobody. */
export const callRules: readonly FcmRule[] = [
  {
    id: "fcm/priority",
    mismatch: "not-high",
    class: "W",
    forCalls: true,
    source: `${MESSAGES}, AndroidMessagePriority; ${PRIORITY}`,
    check: ({ message, effective }) =>
      effective?.priority === "normal"
        ? {
            expected: "android.priority HIGH",
            actual: message?.android?.priority ?? "no android.priority, which is NORMAL",
          }
        : undefined,
  },
  {
    id: "fcm/ttl",
    mismatch: "missing",
    class: "W",
    forCalls: true,
    source: `${LIFESPAN}: default four weeks`,
    check: ({ effective }, { ttlMaxS }) =>
      effective !== undefined && effective.ttlS === undefined
        ? { expected: `android.ttl of at most ${ttlMaxS} s`, actual: "no android.ttl, which is four weeks" }
        : undefined,
  },
  {
    id: "fcm/ttl",
    mismatch: "too-long",
    class: "W",
    forCalls: true,
    source: `${LIFESPAN}: use cases, incoming calls`,
    check: ({ effective }, { ttlMaxS }) =>
      effective?.ttlS !== undefined && effective.ttlS > ttlMaxS && effective.ttlS <= MAX_TTL_S
        ? { expected: `android.ttl of at most ${ttlMaxS} s`, actual: `${effective.ttlS} s` }
        : undefined,
  },
  {
    id: "fcm/data-only",
    mismatch: "notification-present",
    class: "W",
    forCalls: true,
    source: `${TYPES}: notification messages go to the system tray while the app is in the background`,
    check: ({ effective }) =>
      effective?.hasNotification === true ? { expected: "data alone", actual: "a notification" } : undefined,
  },
  {
    id: "fcm/collapse-key",
    mismatch: "collapsible",
    class: "W",
    forCalls: true,
    source: `${MESSAGES}, AndroidConfig, collapse_key; Firebase, Non-collapsible and collapsible messages`,
    check: ({ effective }) =>
      effective?.collapseKey === undefined
        ? undefined
        : { expected: "no android.collapse_key", actual: effective.collapseKey },
  },
  {
    id: "fcm/validate-only",
    mismatch: "validate-only",
    class: "W",
    forCalls: true,
    source: "Firebase, REST, Method: projects.messages.send, Request body, validate_only",
    check: ({ content }) =>
      content.kind === "read" && content.validateOnly
        ? { expected: "no validate_only", actual: "validate_only true, which delivers nothing" }
        : undefined,
  },
  {
    id: "fcm/apns-block",
    mismatch: "only-apns",
    class: "W",
    forCalls: true,
    source: `${MESSAGES}, ApnsConfig: for Apple devices alone`,
    check: ({ message, effective }) =>
      message?.apns !== undefined && effective !== undefined && Object.keys(effective.data).length === 0
        ? { expected: "data for the Android app", actual: "an apns block and no data" }
        : undefined,
  },
  {
    // FCM documents no way to PushKit: what it sends to an iPhone is an ordinary notification, which rings no call.
    id: "fcm/apns-block",
    mismatch: "voip-through-fcm",
    class: "W",
    forCalls: true,
    source: `${MESSAGES}, ApnsConfig, headers`,
    check: ({ message }) => {
      const type = apnsHeader(message, "apns-push-type");
      const topic = apnsHeader(message, "apns-topic");
      if (type !== "voip" && topic?.endsWith(".voip") !== true) return undefined;
      return { expected: "a VoIP push sent to APNs itself", actual: `apns-push-type ${type}, apns-topic ${topic}` };
    },
  },
  {
    id: "fcm/apns-block",
    mismatch: "background-immediate",
    class: "W",
    forCalls: false,
    source: `${MESSAGES}, ApnsConfig: data messages to Apple devices have apns-priority 5`,
    check: ({ message }) =>
      isBackground(message) && apnsHeader(message, "apns-priority") === "10"
        ? { expected: "apns-priority 5 with content-available alone", actual: "10" }
        : undefined,
  },
];

function apnsHeader(message: FcmMessage | undefined, name: string): string | undefined {
  const headers = message?.apns?.["headers"] as Readonly<Record<string, string>> | undefined;
  return headers?.[name];
}

/** Wakes an app on an Apple device without showing anything. */
function isBackground(message: FcmMessage | undefined): boolean {
  const payload = message?.apns?.["payload"] as { readonly aps?: unknown } | undefined;
  const aps = payload?.aps;
  if (typeof aps !== "object" || aps === null || !("content-available" in aps)) return false;
  return !["alert", "sound", "badge"].some((key) => key in aps) && message?.notification === undefined;
}
