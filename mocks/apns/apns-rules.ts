import { headerOf } from "./apns-request.ts";
import type { ApnsRequest } from "./apns-request.ts";
import type { ApnsRule, Violation } from "./apns-rule.ts";
import {
  checkCertificate,
  checkFuture,
  checkMissingToken,
  checkProviderToken,
  checkRefresh,
  checkTokenAge,
} from "./authentication-checks.ts";
import { isCompressed, jsonObjectProblem } from "./payload-checks.ts";

const REQUESTS = "Apple, Sending notification requests to APNs";
const RESPONSES = "Apple, Handling notification responses from APNs";
const TOKENS = "Apple, Establishing a token-based connection to APNs";
const CERTIFICATES = "Apple, Establishing a certificate-based connection to APNs";
const VOIP = "Apple, Responding to VoIP Notifications from PushKit";

/** Every value Apple documents for apns-push-type. */
const PUSH_TYPES = new Set([
  "alert",
  "background",
  "complication",
  "controls",
  "fileprovider",
  "liveactivity",
  "location",
  "mdm",
  "pushtotalk",
  "voip",
  "widgets",
]);
const PATH = /^\/3\/device\/([^/?#]+)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const COLLAPSE_ID_BYTES = 64;
const VOIP_PAYLOAD_BYTES = 5120;
/** Seconds since the epoch have ten digits since 2001; what is smaller is a time to live, which APNs takes for a date long past. */
const EARLIEST_EPOCH_S = 1_000_000_000;

/**
 * Every rule for a VoIP push, in the order they are looked at: method, path, duplicates, authentication, header syntax,
 * topic, payload, device token, throttles. Apple does not publish its own order.
 */
export const apnsRules: readonly ApnsRule[] = [
  {
    id: "apns/method",
    mismatch: "method-not-post",
    class: "R",
    status: 405,
    reason: "MethodNotAllowed",
    source: `${REQUESTS}, :method`,
    check: ({ method }) => (method === "POST" ? undefined : { expected: "POST", actual: method }),
  },
  {
    id: "apns/path",
    mismatch: "missing-device-token",
    class: "R",
    status: 400,
    reason: "MissingDeviceToken",
    source: `${RESPONSES}, MissingDeviceToken`,
    check: ({ path }) =>
      /^\/3\/device\/?$/.test(path) ? { expected: "/3/device/<device token>", actual: path } : undefined,
  },
  {
    id: "apns/path",
    mismatch: "bad-path",
    class: "R",
    status: 404,
    reason: "BadPath",
    source: `${REQUESTS}, :path`,
    check: ({ path }) => (PATH.test(path) ? undefined : { expected: "/3/device/<device token>", actual: path }),
  },
  {
    id: "apns/duplicate-headers",
    mismatch: "repeated-header",
    class: "R",
    status: 400,
    reason: "DuplicateHeaders",
    source: `${RESPONSES}, DuplicateHeaders`,
    check: checkRepeated,
  },
  {
    id: "apns/authentication",
    mismatch: "bad-certificate",
    class: "R",
    status: 403,
    reason: "BadCertificate",
    source: `${CERTIFICATES}; ${RESPONSES}, BadCertificate`,
    check: checkCertificate,
  },
  {
    id: "apns/authentication",
    mismatch: "missing-provider-token",
    class: "R",
    status: 403,
    reason: "MissingProviderToken",
    source: `${REQUESTS}, authorization`,
    check: checkMissingToken,
  },
  {
    id: "apns/authentication",
    mismatch: "invalid-provider-token",
    class: "R",
    status: 403,
    reason: "InvalidProviderToken",
    source: `${TOKENS}, alg, kid, iss and iat`,
    check: checkProviderToken,
  },
  {
    id: "apns/authentication",
    mismatch: "invalid-provider-token",
    class: "R",
    status: 403,
    reason: "InvalidProviderToken",
    source: `${TOKENS}, iat: no more than one hour from the current time`,
    check: checkFuture,
  },
  {
    id: "apns/provider-token-age",
    mismatch: "expired-provider-token",
    class: "R",
    status: 403,
    reason: "ExpiredProviderToken",
    source: `${TOKENS}, refresh at least once every 60 minutes`,
    check: checkTokenAge,
  },
  {
    id: "apns/message-id",
    mismatch: "not-a-uuid",
    class: "R",
    status: 400,
    reason: "BadMessageId",
    source: `${REQUESTS}, apns-id`,
    check: (request) =>
      ofHeader(request, "apns-id", (id) =>
        UUID.test(id.toLowerCase()) ? undefined : { expected: "a canonical UUID", actual: id },
      ),
  },
  {
    // Upper case is against the canonical form, and what APNs answers to it is not known: accepted.
    id: "apns/message-id",
    mismatch: "not-a-uuid",
    class: "W",
    source: `${REQUESTS}, apns-id: 32 lowercase hexadecimal digits`,
    check: (request) =>
      ofHeader(request, "apns-id", (id) =>
        UUID.test(id.toLowerCase()) && !UUID.test(id)
          ? { expected: "a canonical UUID in lower case", actual: id }
          : undefined,
      ),
  },
  {
    id: "apns/collapse-id",
    mismatch: "too-long",
    class: "R",
    status: 400,
    reason: "BadCollapseId",
    source: `${REQUESTS}, apns-collapse-id`,
    // Header values come as one character per byte.
    check: (request) =>
      ofHeader(request, "apns-collapse-id", (id) =>
        id.length <= COLLAPSE_ID_BYTES
          ? undefined
          : { expected: `at most ${COLLAPSE_ID_BYTES} bytes`, actual: `${id.length} bytes` },
      ),
  },
  {
    id: "apns/priority",
    mismatch: "bad-priority",
    class: "R",
    status: 400,
    reason: "BadPriority",
    source: `${REQUESTS}, apns-priority`,
    check: (request) =>
      ofHeader(request, "apns-priority", (priority) =>
        /^(?:10|5|1)$/.test(priority) ? undefined : { expected: "10, 5 or 1", actual: priority },
      ),
  },
  {
    id: "apns/priority",
    mismatch: "not-immediate",
    class: "W",
    source: `${REQUESTS}, apns-priority`,
    check: (request) =>
      ofHeader(request, "apns-priority", (priority) =>
        priority === "5" || priority === "1" ? { expected: "10, or no apns-priority", actual: priority } : undefined,
      ),
  },
  {
    id: "apns/expiration",
    mismatch: "bad-expiration",
    class: "R",
    status: 400,
    reason: "BadExpirationDate",
    source: `${REQUESTS}, apns-expiration`,
    check: (request) =>
      ofHeader(request, "apns-expiration", (expiration) =>
        /^\d+$/.test(expiration) ? undefined : { expected: "whole seconds since the epoch", actual: expiration },
      ),
  },
  {
    id: "apns/expiration",
    mismatch: "missing",
    class: "W",
    source: `${VOIP}: set the apns-expiration header field to 0, or to a few seconds`,
    check: (request) =>
      headerOf(request, "apns-expiration") === undefined
        ? { expected: "apns-expiration 0 or a few seconds ahead", actual: "no apns-expiration" }
        : undefined,
  },
  {
    id: "apns/expiration",
    mismatch: "not-epoch",
    class: "W",
    source: `${REQUESTS}, apns-expiration: seconds since the epoch`,
    check: (request) =>
      ofExpiration(request, (expirationS) =>
        expirationS > 0 && expirationS < EARLIEST_EPOCH_S
          ? { expected: "0 or seconds since the epoch", actual: `${expirationS}` }
          : undefined,
      ),
  },
  {
    id: "apns/expiration",
    mismatch: "too-late",
    class: "W",
    source: `${VOIP}: set the apns-expiration header field to 0, or to a few seconds`,
    // Up to one second more, for a sender that rounds up.
    check: (request, { nowMs, expirationMaxS }) =>
      ofExpiration(request, (expirationS) =>
        expirationS > Math.ceil(nowMs / 1000 + expirationMaxS)
          ? {
              expected: `0 or at most ${expirationMaxS} s ahead`,
              actual: `${Math.round(expirationS - nowMs / 1000)} s ahead`,
            }
          : undefined,
      ),
  },
  {
    id: "apns/push-type",
    mismatch: "invalid-push-type",
    class: "R",
    status: 400,
    reason: "InvalidPushType",
    source: `${REQUESTS}, apns-push-type`,
    check: (request) =>
      ofHeader(request, "apns-push-type", (type) =>
        PUSH_TYPES.has(type) ? undefined : { expected: "voip", actual: type },
      ),
  },
  {
    id: "apns/push-type",
    mismatch: "not-voip",
    class: "R",
    status: 400,
    reason: "InvalidPushType",
    source: `${REQUESTS}, apns-push-type: the topic of voip ends in .voip (seen since iOS 13)`,
    check: (request) =>
      ofHeader(request, "apns-push-type", (type) =>
        PUSH_TYPES.has(type) && type !== "voip" && isVoipTopic(request)
          ? { expected: "voip", actual: type }
          : undefined,
      ),
  },
  {
    id: "apns/push-type",
    mismatch: "not-voip",
    class: "W",
    source: `${REQUESTS}, apns-push-type`,
    check: (request) =>
      ofHeader(request, "apns-push-type", (type) =>
        PUSH_TYPES.has(type) && type !== "voip" && !isVoipTopic(request)
          ? { expected: "voip", actual: type }
          : undefined,
      ),
  },
  {
    id: "apns/push-type",
    mismatch: "missing-push-type",
    class: "W",
    source: `${REQUESTS}, apns-push-type`,
    check: (request) =>
      headerOf(request, "apns-push-type") === undefined
        ? { expected: "apns-push-type voip", actual: "no apns-push-type" }
        : undefined,
  },
  {
    id: "apns/topic",
    mismatch: "missing-topic",
    class: "R",
    status: 400,
    reason: "MissingTopic",
    source: `${REQUESTS}, apns-topic`,
    check: (request, { topic }) =>
      (headerOf(request, "apns-topic") ?? "") === "" ? { expected: topic, actual: "no apns-topic" } : undefined,
  },
  {
    id: "apns/topic",
    mismatch: "topic-disallowed",
    class: "R",
    status: 400,
    reason: "BadTopic",
    source: `${RESPONSES}, BadTopic`,
    check: (request, { topic }) =>
      ofHeader(request, "apns-topic", (actual) =>
        /^[A-Za-z0-9.-]*$/.test(actual) ? undefined : { expected: topic, actual },
      ),
  },
  {
    id: "apns/topic",
    mismatch: "topic-not-voip",
    class: "R",
    status: 400,
    reason: "DeviceTokenNotForTopic",
    source: `${REQUESTS}, apns-push-type voip: the app's bundle ID with .voip appended`,
    check: (request, { topic }) =>
      ofHeader(request, "apns-topic", (actual) =>
        actual !== "" && !isVoipTopic(request) ? { expected: topic, actual } : undefined,
      ),
  },
  {
    id: "apns/topic",
    mismatch: "topic-disallowed",
    class: "R",
    status: 400,
    reason: "TopicDisallowed",
    source: `${RESPONSES}, TopicDisallowed`,
    check: (request, { topic }) => {
      const actual = headerOf(request, "apns-topic");
      const certificate = request.connection.clientCertificate;
      if (actual !== topic) return { expected: topic, actual: actual ?? "" };
      if (certificate === undefined || certificate.topics.includes(topic)) return undefined;
      return { expected: `one of ${certificate.topics.join(", ")}, which the certificate is for`, actual };
    },
  },
  {
    id: "apns/payload",
    mismatch: "empty",
    class: "R",
    status: 400,
    reason: "PayloadEmpty",
    source: `${RESPONSES}, PayloadEmpty`,
    check: ({ body }) => (body.length > 0 ? undefined : { expected: "a JSON object", actual: "no body" }),
  },
  {
    id: "apns/payload-size",
    mismatch: "too-large",
    class: "R",
    status: 413,
    reason: "PayloadTooLarge",
    source: `${REQUESTS}: the maximum payload size of a VoIP notification is 5 KB (5120 bytes)`,
    check: ({ body }) =>
      body.length <= VOIP_PAYLOAD_BYTES
        ? undefined
        : { expected: `at most ${VOIP_PAYLOAD_BYTES} bytes`, actual: `${body.length} bytes` },
  },
  {
    // What APNs answers to the next two is not published: accepted.
    id: "apns/payload",
    mismatch: "compressed",
    class: "W",
    source: `${REQUESTS}: don't compress the payload`,
    check: (request) =>
      isCompressed(request)
        ? {
            expected: "a JSON object, not compressed",
            actual: `content-encoding ${headerOf(request, "content-encoding")}`,
          }
        : undefined,
  },
  {
    id: "apns/payload",
    mismatch: "not-a-json-object",
    class: "W",
    source: `${REQUESTS}: the body is the JSON payload`,
    check: (request) => {
      if (request.body.length === 0 || isCompressed(request)) return undefined;
      const problem = jsonObjectProblem(request.body);
      return problem === undefined ? undefined : { expected: "a JSON object", actual: problem };
    },
  },
  {
    id: "apns/device-token",
    mismatch: "token-not-hex",
    class: "R",
    status: 400,
    reason: "BadDeviceToken",
    source: `${REQUESTS}, :path: the hexadecimal bytes that identify the user's device`,
    check: ({ path }) =>
      ofToken(path, (token) =>
        /^[0-9a-f]+$/i.test(token) ? undefined : { expected: "hexadecimal digits", actual: token },
      ),
  },
  {
    id: "apns/device-token",
    mismatch: "unknown-token",
    class: "R",
    status: 400,
    reason: "BadDeviceToken",
    source: `${RESPONSES}, BadDeviceToken`,
    check: ({ path }, { lookUpToken }) =>
      ofToken(path, (token) =>
        lookUpToken(token.toLowerCase()).state === "unknown"
          ? { expected: "a token the push service issued", actual: token }
          : undefined,
      ),
  },
  {
    id: "apns/provider-token-refresh",
    mismatch: "refreshed-too-often",
    class: "R",
    status: 429,
    reason: "TooManyProviderTokenUpdates",
    source: `${TOKENS}, refresh no more than once every 20 minutes`,
    check: checkRefresh,
  },
];

function checkRepeated({ headers }: ApnsRequest): Violation | undefined {
  const seen = new Set<string>();
  for (const [name] of headers) {
    if (name !== "authorization" && !name.startsWith("apns-")) continue;
    if (seen.has(name)) return { expected: `${name} once`, actual: `${name} more than once` };
    seen.add(name);
  }
  return undefined;
}

function isVoipTopic(request: ApnsRequest): boolean {
  return headerOf(request, "apns-topic")?.endsWith(".voip") ?? false;
}

/** Checks a header only where it is present. */
function ofHeader(
  request: ApnsRequest,
  name: string,
  check: (value: string) => Violation | undefined,
): Violation | undefined {
  const value = headerOf(request, name);
  return value === undefined ? undefined : check(value);
}

function ofExpiration(
  request: ApnsRequest,
  check: (expirationS: number) => Violation | undefined,
): Violation | undefined {
  return ofHeader(request, "apns-expiration", (value) => (/^\d+$/.test(value) ? check(Number(value)) : undefined));
}

function ofToken(path: string, check: (token: string) => Violation | undefined): Violation | undefined {
  const token = PATH.exec(path)?.[1];
  return token === undefined ? undefined : check(token);
}
