/**
 * What Google does not publish, or what is known from field reports only, each with the answer this mock gives by default.
 * Everything here is unverified against the real service unless it says otherwise.
 */
export interface FcmProfile {
  /**
   * The shut down `/fcm/send`: the HTML page of a missing URL, or 200 with the error `DeprecatedApi`. Both were seen in the
   * field after 2024-07-22.
   * @default "not-found"
   */
  readonly legacyAnswer: "not-found" | "deprecated-api";
  /**
   * A project the service account has no rights in: 403 `PERMISSION_DENIED` of IAM, or 404 `NOT_FOUND`. Both were seen.
   * @default "permission-denied"
   */
  readonly wrongProject: "permission-denied" | "not-found";
  /**
   * Seconds of `Retry-After` with a 429 by quota. Google documents the header, not its values; without one a sender is to
   * wait a minute (Firebase, "Best practices when sending FCM messages at scale").
   * @default 60
   */
  readonly quotaRetryAfterS: number;
  /** The message id a `validate_only` request is answered with. @default "fake_message_id" */
  readonly validateOnlyId: string;
  /** The words for a message over the size limit; older reports have `Android message is too big`. */
  readonly tooLargeMessage: string;
  /** The size limit of a message to a token, and to a topic or condition: bytes of keys and values. Documented. */
  readonly messageBytes: { readonly token: number; readonly topic: number };
  /**
   * Messages per minute and project before 429 `QUOTA_EXCEEDED`; Infinity for no quota. Documented with this default
   * (Firebase, "FCM throttling and quotas").
   * @default 600_000
   */
  readonly messagesPerMinute: number;
  /**
   * Messages per minute and device token before 429. Google names 240 for Android, and not what is answered beyond.
   * @default Infinity
   */
  readonly messagesPerMinutePerToken: number;
  /** Data keys that are refused as a whole, and beginnings of keys that are. Documented, in two versions. */
  readonly reservedDataKeys: readonly string[];
  readonly reservedDataPrefixes: readonly string[];
  /** How far the clocks of OAuth and of the client may lie apart; an `iat` 300 s ahead was seen accepted. @default 300 */
  readonly assertionSkewS: number;
  /** Scopes that make an access token. With any other one in it an assertion draws an `id_token` alone. */
  readonly knownScopes: readonly string[];
}

const GOOGLE_SCOPES = "https://www.googleapis.com/auth/";

export const defaultFcmProfile: FcmProfile = {
  legacyAnswer: "not-found",
  wrongProject: "permission-denied",
  quotaRetryAfterS: 60,
  validateOnlyId: "fake_message_id",
  tooLargeMessage: "Message is too large. The maximum is 4K (4096 bytes).",
  messageBytes: { token: 4096, topic: 2048 },
  messagesPerMinute: 600_000,
  messagesPerMinutePerToken: Number.POSITIVE_INFINITY,
  reservedDataKeys: ["from", "message_type"],
  reservedDataPrefixes: ["google.", "gcm.notification."],
  assertionSkewS: 300,
  knownScopes: [
    "openid",
    "email",
    "profile",
    ...[
      "cloud-platform",
      "cloud-platform.read-only",
      "datastore",
      "devstorage.full_control",
      "devstorage.read_only",
      "devstorage.read_write",
      "firebase",
      "firebase.database",
      "firebase.messaging",
      "firebase.readonly",
      "identitytoolkit",
      "userinfo.email",
      "userinfo.profile",
    ].map((name) => `${GOOGLE_SCOPES}${name}`),
  ],
};
