import type { ApnsPush } from "../apns-push.ts";
import type { ApnsRule } from "../apns-rule.ts";
import { bundleIdOf, suffixOf, topicSuffixes } from "../apns-topic.ts";
import { REQUESTS, RESPONSES, TOKENS } from "./sources.ts";

export const topicRules: readonly ApnsRule[] = [
  {
    id: "apns/topic",
    mismatch: "missing-topic",
    class: "R",
    status: 400,
    reason: "MissingTopic",
    source: `${REQUESTS}, apns-topic; ${RESPONSES}, MissingTopic`,
    check: ({ topic }, service) =>
      topic === "" ? { expected: service.topic ?? "apns-topic", actual: "no apns-topic" } : undefined,
  },
  {
    id: "apns/topic",
    mismatch: "topic-disallowed",
    class: "R",
    status: 400,
    reason: "BadTopic",
    source: `${RESPONSES}, BadTopic; letters, digits, hyphens and periods make a bundle ID`,
    check: ({ topic }, service) =>
      /^[A-Za-z0-9.-]*$/.test(topic)
        ? undefined
        : { expected: service.topic ?? "a bundle ID with the suffix of its push type", actual: topic },
  },
  {
    id: "apns/topic",
    mismatch: "topic-not-voip",
    class: "R",
    status: 400,
    reason: "DeviceTokenNotForTopic",
    source: `${REQUESTS}, apns-push-type voip: the app's bundle ID with .voip appended (the reason as seen)`,
    check: ({ topic, headers: { pushType } }, service) =>
      topic !== "" && !topic.endsWith(".voip") && (service.topic !== undefined || pushType === "voip")
        ? { expected: service.topic ?? `${bundleIdOf(topic)}.voip`, actual: topic }
        : undefined,
  },
  {
    id: "apns/topic",
    mismatch: "not-of-the-push-type",
    class: "R",
    status: 400,
    reason: "DeviceTokenNotForTopic",
    source: `${REQUESTS}, Know when to use push types (the reason as seen with liveactivity)`,
    check: ({ topic, headers: { pushType } }) => {
      const suffix = topicSuffixes[pushType ?? ""] ?? "";
      if (topic === "" || suffix === "" || pushType === "voip" || suffixOf(topic) !== "") return undefined;
      return { expected: `${topic}${suffix}`, actual: topic };
    },
  },
  {
    id: "apns/topic",
    mismatch: "topic-disallowed",
    class: "R",
    status: 400,
    reason: "TopicDisallowed",
    source: `${RESPONSES}, TopicDisallowed; for a certificate its extensions 1.2.840.113635.100.6.3.6 and .4 (${REQUESTS})`,
    check: (push, { topic: callTopic, bundleIds }) => {
      const { topic, connection } = push;
      if (callTopic !== undefined && topic !== callTopic) return { expected: callTopic, actual: topic };
      if (bundleIds !== undefined && !bundleIds.has(topic) && !bundleIds.has(bundleIdOf(topic))) {
        return { expected: `a topic of ${[...bundleIds].join(", ")}`, actual: topic };
      }
      const topics = connection.clientCertificate?.topics;
      if (topics === undefined || topics.includes(topic)) return undefined;
      return { expected: `one of ${topics.join(", ")}, which the certificate is for`, actual: topic };
    },
  },
  {
    id: "apns/topic",
    mismatch: "topic-disallowed",
    class: "R",
    status: 400,
    reason: "TopicDisallowed",
    source: `${TOKENS}, Topic-specific keys [unverified reason]`,
    check: (push) => {
      const bundleIds = keyBundleIds(push);
      if (bundleIds === undefined || bundleIds.includes(bundleIdOf(push.topic))) return undefined;
      return { expected: `a topic of ${bundleIds.join(", ")}, which the key is for`, actual: push.topic };
    },
  },
];

function keyBundleIds({ connection, providerToken }: ApnsPush): readonly string[] | undefined {
  if (connection.clientCertificate !== undefined || providerToken.kind !== "read") return undefined;
  return providerToken.key?.bundleIds;
}
