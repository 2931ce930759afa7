import { badRequest, fcmError, googleError } from "./fcm-answer.ts";
import type { EffectiveMessage, FcmMessage } from "./fcm-message.ts";
import type { FcmRule } from "./fcm-rule.ts";
import { isRegistrationToken } from "./registration-token.ts";
import { invalidArgument, quotaExceeded, scriptedAnswer } from "./scripted-answer.ts";

const MESSAGES = "Firebase, REST Resource: projects.messages";
const ERRORS = "Firebase, FCM error codes";
const QUOTAS = "Firebase, FCM throttling and quotas";
const PROTO_JSON = "Protocol Buffers, ProtoJSON Format";

/** Four weeks (projects.messages, AndroidConfig, ttl). */
export const MAX_TTL_S = 2_419_200;
const NO_RECIPIENT = "Recipient of the message is not set.";
const BAD_TOKEN = "The registration token is not a valid FCM registration token";
const TOPIC = /^[\w.~%-]+$/;
const MAX_CONDITION_CHARACTERS = 2000;
const DATA_VALUE = /^message\.(?:android\.|android_v2\.)?data\[\d+\]/;

/** What the message itself may do wrong, whatever it is for. */
export const messageRules: readonly FcmRule[] = [
  {
    id: "fcm/payload-size",
    mismatch: "too-large",
    class: "R",
    source: `${ERRORS}, INVALID_ARGUMENT, Message too big`,
    check: ({ content }) =>
      content.kind === "cut" ? { expected: "at most 4096 bytes", actual: "a body of more than 64 KiB" } : undefined,
    answer: (_request, { profile }) => tooLarge(profile.tooLargeMessage),
  },
  {
    id: "fcm/json",
    mismatch: "not-json",
    class: "R",
    source: `${MESSAGES}; RFC 8259 section 2`,
    check: ({ content }) => {
      if (content.kind === "form") return { expected: "content-type application/json", actual: "an HTML form" };
      return content.kind === "not-json" ? { expected: "a JSON object", actual: content.why } : undefined;
    },
    answer: ({ content }) => {
      const description =
        content.kind === "form"
          ? `Invalid JSON payload received. Unknown name "${content.name}": Cannot bind query parameter. ` +
            `Field '${content.name}' could not be found in request message.`
          : "Invalid JSON payload received. Unexpected token.";
      return googleError(400, description, [badRequest({ description })]);
    },
  },
  {
    id: "fcm/json",
    mismatch: "not-an-object",
    class: "R",
    source: PROTO_JSON,
    check: ({ content }) =>
      content.kind === "not-an-object" ? { expected: "a JSON object", actual: content.seen } : undefined,
    answer: () => {
      const description = 'Invalid JSON payload received. Unknown name "": Root element must be a message.';
      return googleError(400, description, [badRequest({ description })]);
    },
  },
  {
    id: "fcm/json",
    mismatch: "no-message",
    class: "R",
    source: "Firebase, REST, Method: projects.messages.send, Request body, message: Required",
    check: ({ content }) =>
      content.kind === "no-message" ? { expected: "message: { ... }", actual: "no message" } : undefined,
    answer: () => invalidArgument("message", NO_RECIPIENT),
  },
  {
    id: "fcm/fields",
    mismatch: "unknown-field",
    class: "fields",
    source: `${MESSAGES}; ${PROTO_JSON}`,
    expected: "fields of the v1 request alone",
    covers: ({ kind }) => kind === "unknown-name",
  },
  {
    id: "fcm/data",
    mismatch: "value-not-a-string",
    class: "fields",
    source: `${MESSAGES}, Message, data: map (key: string, value: string)`,
    expected: "strings for all values of data",
    covers: ({ at }) => DATA_VALUE.test(at),
  },
  {
    id: "fcm/priority",
    mismatch: "bad-priority",
    class: "fields",
    source: `${MESSAGES}, AndroidMessagePriority`,
    expected: "android.priority NORMAL or HIGH",
    covers: ({ kind, at }) => kind === "wrong-type" && at === "message.android.priority",
  },
  {
    id: "fcm/ttl",
    mismatch: "bad-ttl",
    class: "fields",
    source: `${MESSAGES}, AndroidConfig, ttl`,
    expected: 'a duration in seconds with an s at its end, e.g. "30s"',
    covers: ({ kind, at }) => kind === "wrong-type" && /^message\.android(?:_v2)?\.ttl$/.test(at),
  },
  {
    id: "fcm/recipient",
    mismatch: "several-recipients",
    class: "fields",
    source: `${MESSAGES}, Message, target: can be only one of token, topic, condition`,
    expected: "one of token, topic and condition",
    covers: ({ kind }) => kind === "several-of-oneof",
  },
  {
    id: "fcm/fields",
    mismatch: "wrong-type",
    class: "fields",
    source: `${MESSAGES}; ${PROTO_JSON}`,
    expected: "every field with a value of its type",
    covers: ({ kind, at }) =>
      kind === "wrong-type" && !DATA_VALUE.test(at) && !/^message\.android(?:\.priority|(?:_v2)?\.ttl)$/.test(at),
  },
  {
    id: "fcm/recipient",
    mismatch: "no-recipient",
    class: "R",
    source: `${MESSAGES}, Message, target: Required`,
    check: ({ message }) =>
      message !== undefined && (message.token || message.topic || message.condition || "") === ""
        ? { expected: "one of token, topic and condition", actual: "none of them" }
        : undefined,
    answer: () => invalidArgument("message", NO_RECIPIENT),
  },
  {
    id: "fcm/recipient",
    mismatch: "bad-topic",
    class: "R",
    source: `${MESSAGES}, Message, topic: "/topics/" prefix should not be provided`,
    check: ({ message }) => {
      const topic = message?.topic ?? "";
      if (topic !== "" && !TOPIC.test(topic)) return { expected: "a topic's name without /topics/", actual: topic };
      const condition = message?.condition ?? "";
      if (condition === "" || isCondition(condition)) return undefined;
      return { expected: "a condition such as 'a' in topics && 'b' in topics", actual: condition };
    },
    answer: ({ message }) =>
      message?.topic === undefined
        ? googleError(400, "Request contains an invalid argument.")
        : invalidArgument("message", "Topic name contains invalid characters."),
  },
  {
    id: "fcm/data-keys",
    mismatch: "reserved-key",
    class: "R",
    source: `${MESSAGES}, Message, data: reserved words`,
    check: ({ effective }, { profile }) => {
      const key = reservedKeyOf(effective, profile);
      return key === undefined ? undefined : { expected: "no reserved word for a key of data", actual: key };
    },
    answer: ({ effective }, { profile }) =>
      invalidArgument("message.data", `Invalid data payload key: ${reservedKeyOf(effective, profile) ?? ""}`),
  },
  {
    id: "fcm/ttl",
    mismatch: "bad-ttl",
    class: "R",
    source: `${ERRORS}, INVALID_ARGUMENT, Invalid TTL: between 0 and 2,419,200`,
    check: ({ effective }) => {
      const ttlS = effective?.ttlS ?? 0;
      return ttlS >= 0 && ttlS <= MAX_TTL_S
        ? undefined
        : { expected: `a ttl of 0 to ${MAX_TTL_S} s`, actual: `${ttlS} s` };
    },
    // The words are made up; nobody seems to have recorded Google's.
    answer: () => invalidArgument("message.android.ttl", `TTL must be between 0 and ${MAX_TTL_S} seconds.`),
  },
  {
    id: "fcm/payload-size",
    mismatch: "too-large",
    class: "R",
    source: `${ERRORS}, INVALID_ARGUMENT, Message too big: 4096 bytes, 2048 to topics`,
    check: ({ message, effective }, { profile }) => {
      if (message === undefined || effective === undefined) return undefined;
      const limit = message.token === undefined ? profile.messageBytes.topic : profile.messageBytes.token;
      // To count the bytes of most messages would be the most work of all rules.
      if (sizeOf(message, effective, mostBytes) <= limit) return undefined;
      const size = sizeOf(message, effective, Buffer.byteLength);
      return size <= limit
        ? undefined
        : { expected: `at most ${limit} bytes of keys and values`, actual: `${size} bytes` };
    },
    answer: (_request, { profile }) => tooLarge(profile.tooLargeMessage),
  },
  {
    id: "fcm/device-token",
    mismatch: "invalid-token",
    class: "R",
    source: `${ERRORS}, INVALID_ARGUMENT, Invalid registration token`,
    check: ({ device, message }) =>
      device?.state === "unknown" && !isRegistrationToken(message?.token ?? "")
        ? { expected: "a registration token as the app got it", actual: message?.token ?? "" }
        : undefined,
    answer: () =>
      googleError(400, BAD_TOKEN, [
        fcmError("INVALID_ARGUMENT"),
        badRequest({ field: "message.token", description: BAD_TOKEN }),
      ]),
  },
  {
    id: "fcm/device-token",
    mismatch: "unregistered-token",
    class: "R",
    source: `${ERRORS}, UNREGISTERED`,
    check: ({ device, message }) =>
      device?.state === "unknown" || device?.state === "unregistered" || device?.state === "expired"
        ? { expected: "a token of an app that is registered", actual: message?.token ?? "" }
        : undefined,
    answer: () => scriptedAnswer({ status: 404, reason: "UNREGISTERED" }, ""),
  },
  {
    id: "fcm/device-token",
    mismatch: "other-sender",
    class: "R",
    source: `${ERRORS}, SENDER_ID_MISMATCH`,
    check: ({ device }, { projectId }) =>
      device?.project === undefined || device.project === projectId
        ? undefined
        : { expected: `a token that was issued for ${projectId}`, actual: `one for ${device.project}` },
    answer: () => scriptedAnswer({ status: 403, reason: "SENDER_ID_MISMATCH" }, ""),
  },
  {
    id: "fcm/package",
    mismatch: "package-differs",
    class: "R",
    source: `${MESSAGES}, AndroidConfig, restricted_package_name; ${ERRORS}, INVALID_ARGUMENT, Invalid package name`,
    check: ({ message, device }, { packageName }) => {
      const restricted = message?.android?.restrictedPackageName ?? message?.androidV2?.restrictedPackageName ?? "";
      if (restricted === "" || device === undefined) return undefined;
      const packages = device.apps ?? [packageName ?? restricted];
      return packages.includes(restricted) ? undefined : { expected: packages.join(" or "), actual: restricted };
    },
    // The words are made up; nobody seems to have recorded Google's.
    answer: () =>
      invalidArgument("message.android.restricted_package_name", "The registration token is of another package."),
  },
  {
    id: "fcm/quota",
    mismatch: "token-quota-exceeded",
    class: "R",
    source: `${QUOTAS}, Maximum message rate to a single device`,
    check: ({ message }, { isOverQuota, nowMs, profile }) =>
      message?.token !== undefined && isOverQuota("token", message.token, nowMs)
        ? { expected: `at most ${profile.messagesPerMinutePerToken} messages per minute and device`, actual: "more" }
        : undefined,
    answer: (_request, { profile }) =>
      quotaExceeded(
        "device",
        `More than ${profile.messagesPerMinutePerToken} messages per minute to one device.`,
        profile.quotaRetryAfterS,
      ),
  },
];

function tooLarge(message: string) {
  return googleError(400, message, [badRequest(), fcmError("INVALID_ARGUMENT")]);
}

function reservedKeyOf(
  effective: EffectiveMessage | undefined,
  profile: { readonly reservedDataKeys: readonly string[]; readonly reservedDataPrefixes: readonly string[] },
): string | undefined {
  if (effective === undefined) return undefined;
  for (const key in effective.data) {
    if (profile.reservedDataKeys.includes(key)) return key;
    for (const prefix of profile.reservedDataPrefixes) if (key.startsWith(prefix)) return key;
  }
  return undefined;
}

/** Bytes of the data's keys and values and of the texts of a notification. */
function sizeOf(
  message: FcmMessage,
  { data, hasNotification }: EffectiveMessage,
  bytes: (text: string) => number,
): number {
  const size = bytesOf(data, bytes);
  return hasNotification ? size + bytesOf({ ...message.notification, ...message.android?.notification }, bytes) : size;
}

/** No UTF-16 unit of a string takes more bytes in UTF-8 than three. */
function mostBytes(text: string): number {
  return 3 * text.length;
}

function bytesOf(fields: Readonly<Record<string, unknown>>, bytes: (text: string) => number): number {
  let size = 0;
  for (const key in fields) {
    const value = fields[key];
    size += bytes(key) + (typeof value === "string" ? bytes(value) : 0);
  }
  return size;
}

/** `'a' in topics && ('b' in topics || !('c' in topics))` (Firebase, Send messages to topics, Build send requests). */
function isCondition(condition: string): boolean {
  if (condition.length > MAX_CONDITION_CHARACTERS) return false;
  let rest = condition.replaceAll(/'[\w.~%-]+'\s+in\s+topics/g, "T").replaceAll(/\s+/g, "");
  for (let before = ""; rest !== before;) {
    before = rest;
    rest = rest.replaceAll(/!T|\(T\)|T(?:&&|\|\|)T/g, "T");
  }
  return rest === "T";
}
