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
];
