import { randomUUID } from "node:crypto";
import type { TokenDirectory } from "../push/push-hooks.ts";
import type { ApnsKey } from "./apns-credentials.ts";
import { defaultApnsProfile } from "./apns-profile.ts";
import type { ApnsEnvironment, ApnsProfile } from "./apns-profile.ts";
import type { ApnsRule } from "./apns-rule.ts";
import { rulesFor } from "./apns-rules.ts";
import { createProviderTokenReader } from "./provider-token.ts";
import type { ProviderTokenReader } from "./provider-token.ts";
import { requestCounter } from "./request-counter.ts";
import type { RequestCounter } from "./request-counter.ts";

/** What a simulated APNs is told of its world. */
export interface ApnsServiceOptions {
  /** @default "production" */
  readonly environment?: ApnsEnvironment;
  /**
   * `<bundle id>.voip`: every push is for a call to this app, and judged as such (a run against a server). Absent: each push
   * is judged by its own push type and topic.
   */
  readonly topic?: string;
  /** Without `topic`: the apps that may be pushed to. Absent: any. */
  readonly bundleIds?: readonly string[];
  readonly credentials: ApnsKey;
  /** Further keys that provider tokens may be signed with. */
  readonly otherKeys?: readonly ApnsKey[];
  /**
   * How far ahead the `apns-expiration` of a call may lie (`profile.limits.apnsExpirationMaxS`).
   * @default 60
   */
  readonly expirationMaxS?: number;
  readonly lookUpToken: TokenDirectory;
  /** What Apple does not publish. */
  readonly profile?: Partial<ApnsProfile>;
  /** Makes UUIDs. @default random ones */
  readonly newId?: () => string;
}

/** A simulated APNs without its sockets: what its rules measure a push against. */
export interface ApnsService {
  readonly environment: ApnsEnvironment;
  readonly topic?: string;
  readonly bundleIds?: ReadonlySet<string>;
  readonly expirationMaxS: number;
  readonly profile: ApnsProfile;
  /** Those in effect, in the order of evaluation. */
  readonly rules: readonly ApnsRule[];
  readonly readProviderToken: ProviderTokenReader;
  readonly lookUpToken: TokenDirectory;
  readonly requests?: RequestCounter;
  readonly newId: () => string;
}

export function apnsService(options: ApnsServiceOptions): ApnsService {
  const profile: ApnsProfile = { ...defaultApnsProfile, ...options.profile };
  return {
    environment: options.environment ?? "production",
    expirationMaxS: options.expirationMaxS ?? 60,
    profile,
    rules: rulesFor(profile),
    readProviderToken: createProviderTokenReader([options.credentials, ...(options.otherKeys ?? [])]),
    lookUpToken: options.lookUpToken,
    newId: options.newId ?? randomUUID,
    ...(options.topic === undefined ? {} : { topic: options.topic }),
    ...(options.bundleIds === undefined ? {} : { bundleIds: new Set(options.bundleIds) }),
    ...(profile.requestsPerToken === undefined ? {} : { requests: requestCounter(profile.requestsPerToken) }),
  };
}
