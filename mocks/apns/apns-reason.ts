/**
 * Every reason APNs gives for not accepting a push, with its status and what it means (Apple, "Handling notification
 * responses from APNs", Understand error codes), in that page's order.
 */
export const apnsReasons = [
  { status: 400, reason: "BadCollapseId", meaning: "The collapse identifier is longer than allowed." },
  {
    status: 400,
    reason: "BadDeviceToken",
    meaning: "The device token is invalid, or belongs to the other environment.",
  },
  { status: 400, reason: "BadExpirationDate", meaning: "The value of apns-expiration is invalid." },
  { status: 400, reason: "BadMessageId", meaning: "The value of apns-id is invalid." },
  { status: 400, reason: "BadPriority", meaning: "The value of apns-priority is invalid." },
  { status: 400, reason: "BadTopic", meaning: "The value of apns-topic is invalid." },
  { status: 400, reason: "DeviceTokenNotForTopic", meaning: "The device token was issued for another topic." },
  { status: 400, reason: "DuplicateHeaders", meaning: "A header field is there more than once." },
  { status: 400, reason: "IdleTimeout", meaning: "The connection was idle for too long." },
  { status: 400, reason: "InvalidPushType", meaning: "The value of apns-push-type is invalid." },
  { status: 400, reason: "MissingDeviceToken", meaning: "The path names no device token." },
  { status: 400, reason: "MissingTopic", meaning: "The header field apns-topic is needed and is not there." },
  { status: 400, reason: "PayloadEmpty", meaning: "The request has no payload." },
  { status: 400, reason: "TopicDisallowed", meaning: "Pushes to this topic are not allowed." },
  { status: 403, reason: "BadCertificate", meaning: "The client certificate is invalid." },
  {
    status: 403,
    reason: "BadCertificateEnvironment",
    meaning: "The client certificate is for the other environment.",
  },
  { status: 403, reason: "ExpiredProviderToken", meaning: "The provider token is too old; a new one is needed." },
  { status: 403, reason: "Forbidden", meaning: "This action is not allowed." },
  {
    status: 403,
    reason: "InvalidProviderToken",
    meaning: "The provider token is invalid, or its signature does not verify.",
  },
  {
    status: 403,
    reason: "MissingProviderToken",
    meaning: "There is neither a client certificate nor a provider token.",
  },
  {
    status: 403,
    reason: "UnrelatedKeyIdInToken",
    meaning:
      "The provider token's key is unrelated to the key of the connection's first push; it needs a new connection.",
  },
  {
    status: 403,
    reason: "BadEnvironmentKeyIdInToken",
    meaning: "The provider token's key is for the other environment.",
  },
  { status: 404, reason: "BadPath", meaning: "The path is invalid." },
  { status: 405, reason: "MethodNotAllowed", meaning: "The method is not POST." },
  { status: 410, reason: "ExpiredToken", meaning: "The device token has expired." },
  { status: 410, reason: "Unregistered", meaning: "The device token is no longer active for the topic." },
  { status: 413, reason: "PayloadTooLarge", meaning: "The payload is larger than allowed." },
  {
    status: 429,
    reason: "TooManyProviderTokenUpdates",
    meaning: "The provider token is renewed more often than every 20 minutes.",
  },
  {
    status: 429,
    reason: "TooManyRequests",
    meaning: "Too many pushes came one after the other for the same device token.",
  },
  { status: 500, reason: "InternalServerError", meaning: "APNs failed." },
  { status: 503, reason: "ServiceUnavailable", meaning: "APNs is not available." },
  { status: 503, reason: "Shutdown", meaning: "The APNs server is shutting down." },
] as const;

export type ApnsReason = (typeof apnsReasons)[number]["reason"];

/** The status a reason comes with. */
export function statusOfReason(reason: ApnsReason): number {
  return apnsReasons.find((row) => row.reason === reason)!.status;
}

/** The spelling of `BadEnvironmentKeyIdInToken` that senders report. */
export const FIELD_SPELLING = "BadEnvironmentKeyInToken";

/** What a reason means, in words; also for the spelling of the field. Undefined for what is none. */
export function meaningOfReason(reason: string): string | undefined {
  const documented = reason === FIELD_SPELLING ? "BadEnvironmentKeyIdInToken" : reason;
  return apnsReasons.find((row) => row.reason === documented)?.meaning;
}
