import type { FIELD_SPELLING } from "./apns-reason.ts";

export type ApnsEnvironment = "production" | "sandbox";

/** What the rules look at, in groups; their order is the order of evaluation. */
export type ApnsTheme =
  | "method"
  | "path"
  | "duplicates"
  | "authentication"
  | "headers"
  | "topic"
  | "payload"
  | "device-token"
  | "throttle";

/**
 * A fault of a push of which it is not known whether APNs rejects it. It is a finding either way.
 * `scheme-case`: an authorization scheme that is not `bearer` in lower case, as Apple writes it. 403 InvalidProviderToken.
 * `upper-case-message-id`: an `apns-id` in upper case. 400 BadMessageId.
 * `background-immediate`: push type background with priority 10, which Apple calls an error. 400 BadPriority.
 * `ttl-as-date`: an `apns-expiration` that is a time to live, so a date long past. 400 BadExpirationDate.
 * `missing-push-type`: no `apns-push-type`, which Apple says it may answer with an error. 400 InvalidPushType.
 * `unreadable-payload`: a payload that is compressed or no JSON object. 400 PayloadEmpty, as no other reason comes nearer.
 */
export type DoubtfulFault =
  | "scheme-case"
  | "upper-case-message-id"
  | "background-immediate"
  | "ttl-as-date"
  | "missing-push-type"
  | "unreadable-payload";

/** What Apple does not publish, or the field disagrees about: every option is unverified, and has a default. */
export interface ApnsProfile {
  /**
   * The order in which a push is looked at; the first fault decides the reason. Unverified: Apple publishes none.
   * @default `defaultOrder`
   */
  readonly order: readonly ApnsTheme[];
  /**
   * The reason for a provider token whose key is for the other environment. Apple's page ("Handling notification responses
   * from APNs") has `BadEnvironmentKeyIdInToken`; the logs of senders have the default.
   * @default "BadEnvironmentKeyInToken"
   */
  readonly environmentKeyReason: typeof FIELD_SPELLING | "BadEnvironmentKeyIdInToken";
  /**
   * The reason for a provider token of another team than the connection's first. Unverified: Apple only says that it
   * "causes an error" ("Establishing a token-based connection to APNs", Team and bundle ID mapping).
   * @default "InvalidProviderToken"
   */
  readonly otherTeamReason: "InvalidProviderToken" | "Forbidden";
  /**
   * Faults that are rejected, and not only found. Unverified.
   * @default [], all are accepted
   */
  readonly rejects: readonly DoubtfulFault[];
  /**
   * How many streams a connection may have at once. `strict`: one until a valid provider token was posted, then
   * `streamsAtOnce` (Apple, "Sending notification requests to APNs", Establish a connection to APNs: "when using an
   * authentication token, APNs allows only one stream until you post a request with a valid authentication token").
   * Clients in use break on that when they start with a burst, so `relaxed` allows all from the start.
   * @default "relaxed"
   */
  readonly streams: "relaxed" | "strict";
  /**
   * SETTINGS_MAX_CONCURRENT_STREAMS. Unverified: 1000 is what was seen last, 500 and 1500 before ("don't assume a specific
   * number").
   * @default 1000
   */
  readonly streamsAtOnce: number;
  /**
   * After so many rejections without an acceptance between them the connection gets one stream, until the next acceptance;
   * 410 is no error here (Apple, "Handling notification responses from APNs": "An error code beginning with 4XX slows down
   * your ability to send notifications"). The number is unverified; one was seen.
   * @default undefined, never
   */
  readonly errorsUntilOneStream: number | undefined;
  /**
   * After so many rejections without an acceptance between them the connection is closed; `BadDeviceToken` counts twice, as
   * Apple closes sooner for it. The number and the weight are unverified.
   * @default undefined, never
   */
  readonly errorsUntilGoAway: number | undefined;
  /**
   * What a provider token draws that comes less than 20 minutes after the one before on its connection. `noted`: nothing
   * but the event that reports each new provider token, for a judge to look at. `warned`: a finding. `strict`: 429
   * TooManyProviderTokenUpdates.
   * @default "noted"
   */
  readonly refresh: "noted" | "warned" | "strict";
  /**
   * Which provider tokens are new. ES256 signatures are random, so signing the same claims again gives another `text`; by
   * `iat` that is the same token. Unverified.
   * @default "iat"
   */
  readonly refreshCountedBy: "iat" | "text";
  /**
   * More pushes than `count` within `perMs` for one device token: 429 TooManyRequests. Apple publishes no number.
   * @default undefined, never
   */
  readonly requestsPerToken: { readonly count: number; readonly perMs: number } | undefined;
  /**
   * A client that negotiates no protocol: refused in TLS, or talked to in HTTP/1.1. What APNs does is not known.
   * @default "refuse"
   */
  readonly withoutAlpn: "refuse" | "http/1.1";
  /**
   * A connection without a push for so long gets GOAWAY `IdleTimeout`. The reason is Apple's, the time is not published.
   * @default undefined, never
   */
  readonly idleMs: number | undefined;
  /**
   * Whether a `.voip` topic has a stored push of its own beside its app's topic. Apple says "one notification per bundle
   * ID" and not which of the two a topic with suffix is. Unverified.
   * @default "own"
   */
  readonly topicSlot: "own" | "of-the-bundle";
}

/** The order in which this simulation looks at a push. */
export const defaultOrder: readonly ApnsTheme[] = [
  "method",
  "path",
  "duplicates",
  "authentication",
  "headers",
  "topic",
  "payload",
  "device-token",
  "throttle",
];

export const defaultApnsProfile: ApnsProfile = {
  order: defaultOrder,
  environmentKeyReason: "BadEnvironmentKeyInToken",
  otherTeamReason: "InvalidProviderToken",
  rejects: [],
  streams: "relaxed",
  streamsAtOnce: 1000,
  errorsUntilOneStream: undefined,
  errorsUntilGoAway: undefined,
  refresh: "noted",
  refreshCountedBy: "iat",
  requestsPerToken: undefined,
  withoutAlpn: "refuse",
  idleMs: undefined,
  topicSlot: "own",
};

/** As strict as APNs is known or said to be; the numbers of errors are guesses. */
export const strictApnsProfile: ApnsProfile = {
  ...defaultApnsProfile,
  streams: "strict",
  errorsUntilOneStream: 1,
  errorsUntilGoAway: 100,
  refresh: "strict",
};
