import type { ApnsPush } from "../apns-push.ts";
import type { ApnsRule } from "../apns-rule.ts";
import { isPushType, suffixOf, topicSuffixes } from "../apns-topic.ts";
import { REQUESTS, RESPONSES, VOIP } from "./sources.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_IN_ANY_CASE = new RegExp(UUID.source, "i");
const WHOLE_NUMBER = /^\d+$/;
const COLLAPSE_ID_BYTES = 64;
/** Seconds since the epoch have ten digits since 2001; what is smaller is a time to live, which APNs takes for a date long past. */
const EARLIEST_EPOCH_S = 1_000_000_000;

export const headerRules: readonly ApnsRule[] = [
  {
    id: "apns/message-id",
    mismatch: "not-a-uuid",
    class: "R",
    status: 400,
    reason: "BadMessageId",
    source: `${REQUESTS}, apns-id; ${RESPONSES}, BadMessageId`,
    check: ({ headers: { messageId } }) =>
      messageId === undefined || UUID_IN_ANY_CASE.test(messageId)
        ? undefined
        : { expected: "a canonical UUID", actual: messageId },
  },
  {
    id: "apns/message-id",
    mismatch: "not-a-uuid",
    class: "W",
    orRejects: { fault: "upper-case-message-id", status: 400, reason: "BadMessageId" },
    source: `${REQUESTS}, apns-id: 32 lowercase hexadecimal digits`,
    check: ({ headers: { messageId } }) =>
      messageId === undefined || UUID.test(messageId) || !UUID_IN_ANY_CASE.test(messageId)
        ? undefined
        : { expected: "a canonical UUID in lower case", actual: messageId },
  },
  {
    id: "apns/collapse-id",
    mismatch: "too-long",
    class: "R",
    status: 400,
    reason: "BadCollapseId",
    source: `${REQUESTS}, apns-collapse-id; ${RESPONSES}, BadCollapseId`,
    // Header values come as one character per byte.
    check: ({ headers: { collapseId } }) =>
      collapseId === undefined || collapseId.length <= COLLAPSE_ID_BYTES
        ? undefined
        : { expected: `at most ${COLLAPSE_ID_BYTES} bytes`, actual: `${collapseId.length} bytes` },
  },
  {
    id: "apns/priority",
    mismatch: "bad-priority",
    class: "R",
    status: 400,
    reason: "BadPriority",
    source: `${REQUESTS}, apns-priority; ${RESPONSES}, BadPriority`,
    check: ({ headers: { priority } }) =>
      priority === undefined || priority === "10" || priority === "5" || priority === "1"
        ? undefined
        : { expected: "10, 5 or 1", actual: priority },
  },
  {
    id: "apns/priority",
    mismatch: "not-immediate",
    class: "W",
    source: `${REQUESTS}, apns-priority: 5 and 1 wait for the power state of the device`,
    check: ({ isCall, headers: { priority } }) =>
      isCall && (priority === "5" || priority === "1")
        ? { expected: "10, or no apns-priority", actual: priority }
        : undefined,
  },
  {
    id: "apns/priority",
    mismatch: "background-immediate",
    class: "W",
    orRejects: { fault: "background-immediate", status: 400, reason: "BadPriority" },
    source: `${REQUESTS}, apns-push-type background: "Always use priority 5. Using priority 10 is an error."`,
    check: ({ headers: { pushType, priority } }) =>
      pushType === "background" && (priority ?? "10") === "10"
        ? { expected: "apns-priority 5", actual: priority ?? "none, which stands for 10" }
        : undefined,
  },
  {
    id: "apns/expiration",
    mismatch: "bad-expiration",
    class: "R",
    status: 400,
    reason: "BadExpirationDate",
    source: `${REQUESTS}, apns-expiration; ${RESPONSES}, BadExpirationDate`,
    check: ({ headers: { expiration } }) =>
      expiration === undefined || WHOLE_NUMBER.test(expiration)
        ? undefined
        : { expected: "whole seconds since the epoch", actual: expiration },
  },
  {
    id: "apns/expiration",
    mismatch: "missing",
    class: "W",
    source: `${VOIP}: set the apns-expiration header field to 0, or to a few seconds`,
    check: ({ isCall, headers: { expiration } }) =>
      isCall && expiration === undefined
        ? { expected: "apns-expiration 0 or a few seconds ahead", actual: "no apns-expiration" }
        : undefined,
  },
  {
    id: "apns/expiration",
    mismatch: "not-epoch",
    class: "W",
    orRejects: { fault: "ttl-as-date", status: 400, reason: "BadExpirationDate" },
    source: `${REQUESTS}, apns-expiration: a UNIX epoch expressed in seconds`,
    check: (push) => {
      const expirationS = expirationOf(push);
      return expirationS !== undefined && expirationS > 0 && expirationS < EARLIEST_EPOCH_S
        ? { expected: "0 or seconds since the epoch", actual: `${expirationS}` }
        : undefined;
    },
  },
  {
    id: "apns/expiration",
    mismatch: "too-late",
    class: "W",
    source: `${VOIP}: set the apns-expiration header field to 0, or to a few seconds`,
    check: (push, { expirationMaxS }) => {
      const expirationS = push.isCall ? expirationOf(push) : undefined;
      // Up to one second more, for a sender that rounds up.
      if (expirationS === undefined || expirationS <= Math.ceil(push.nowMs / 1000 + expirationMaxS)) return undefined;
      return {
        expected: `0 or at most ${expirationMaxS} s ahead`,
        actual: `${Math.round(expirationS - push.nowMs / 1000)} s ahead`,
      };
    },
  },
  {
    id: "apns/push-type",
    mismatch: "invalid-push-type",
    class: "R",
    status: 400,
    reason: "InvalidPushType",
    source: `${REQUESTS}, Know when to use push types; ${RESPONSES}, InvalidPushType`,
    check: ({ headers: { pushType } }, { topic }) =>
      pushType === undefined || isPushType(pushType)
        ? undefined
        : { expected: topic === undefined ? Object.keys(topicSuffixes).join(", ") : "voip", actual: pushType },
  },
  {
    id: "apns/push-type",
    mismatch: "not-voip",
    class: "R",
    status: 400,
    reason: "InvalidPushType",
    source: `${REQUESTS}, apns-push-type: must accurately reflect the payload (seen with .voip topics since iOS 13)`,
    check: ({ topic, headers: { pushType } }) =>
      pushType !== undefined && pushType !== "voip" && isPushType(pushType) && topic.endsWith(".voip")
        ? { expected: "voip", actual: pushType }
        : undefined,
  },
  {
    id: "apns/push-type",
    mismatch: "not-voip",
    class: "W",
    source: `${REQUESTS}, apns-push-type voip: incoming Voice-over-IP calls`,
    check: ({ isCall, topic, headers: { pushType } }) =>
      isCall && pushType !== undefined && pushType !== "voip" && isPushType(pushType) && !topic.endsWith(".voip")
        ? { expected: "voip", actual: pushType }
        : undefined,
  },
  {
    // The answer is that of the .voip topics, by analogy.
    id: "apns/push-type",
    mismatch: "not-of-the-topic",
    class: "R",
    status: 400,
    reason: "InvalidPushType",
    source: `${REQUESTS}, Know when to use push types [unverified reason]`,
    check: ({ topic, headers: { pushType } }) => {
      if (pushType === undefined || !isPushType(pushType) || pushType === "voip" || pushType === "mdm")
        return undefined;
      const suffix = suffixOf(topic);
      if (suffix === "" || suffix === ".voip" || suffix === topicSuffixes[pushType]) return undefined;
      return { expected: `the push type of topics that end in ${suffix}`, actual: pushType };
    },
  },
  {
    id: "apns/push-type",
    mismatch: "missing-push-type",
    class: "W",
    orRejects: { fault: "missing-push-type", status: 400, reason: "InvalidPushType" },
    source: `${REQUESTS}, apns-push-type: without it APNs may return an error, delay the push or drop it`,
    check: ({ isCall, headers: { pushType } }) =>
      pushType === undefined
        ? { expected: isCall ? "apns-push-type voip" : "apns-push-type", actual: "no apns-push-type" }
        : undefined,
  },
  {
    id: "apns/broadcast-headers",
    mismatch: "broadcast-header",
    class: "W",
    source: "Apple, Sending broadcast push notification requests to APNs, apns-channel-id and apns-request-id",
    check: ({ headers: { requestId, channelId } }) =>
      requestId === undefined && channelId === undefined
        ? undefined
        : {
            expected: "neither apns-channel-id nor apns-request-id in a push to a device",
            actual: channelId === undefined ? "apns-request-id" : "apns-channel-id",
          },
  },
];

function expirationOf({ headers: { expiration } }: ApnsPush): number | undefined {
  return expiration !== undefined && WHOLE_NUMBER.test(expiration) ? Number(expiration) : undefined;
}
