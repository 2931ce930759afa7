import type { ApnsKey } from "./apns-credentials.ts";
import type { ApnsEnvironment, ApnsProfile } from "./apns-profile.ts";
import type { ProviderTokenReading } from "./provider-token.ts";

/** What a connection brings along to each of its requests; a new one where something changed, else the same. */
export interface ApnsConnectionState {
  readonly id: string;
  readonly clientCertificate?: ClientCertificate;
  /** The provider tokens the connection carried, oldest first; at most the newest 64. */
  readonly providerTokens: readonly SeenProviderToken[];
  /** The key of the first valid provider token: team, kind of key and environment are bound to it. */
  readonly boundTo?: ApnsKey;
  /** How many streams it may have at once. */
  readonly streams: number;
  /** Rejections since the last acceptance, weighted. */
  readonly errors: number;
  /** Every further push is answered with 429. */
  readonly isStuck: boolean;
}

/** A TLS client certificate, as far as APNs looks at it. */
export interface ClientCertificate {
  /** One line, for people. */
  readonly subject: string;
  /** The test authority signed it and its subject's UID names an app. */
  readonly accepted: boolean;
  /** Topics it may push to. */
  readonly topics: readonly string[];
  readonly environments: readonly ApnsEnvironment[];
}

export interface SeenProviderToken {
  /** Short hash of the token's text. */
  readonly fingerprint: string;
  readonly issuedAtS?: number;
  /** Epoch milliseconds. */
  readonly firstSeenMs: number;
  /** It is a newer token than the one before: not the same claims signed again, and not one that is invalid. */
  readonly isNew: boolean;
  /** How long after the one before it came, where that was too soon. */
  readonly tooSoonAfterMs?: number;
}

const REMEMBERED_TOKENS = 64;
/** Apple, "Establishing a token-based connection to APNs": no more than one new token every 20 minutes. */
const REFRESH_MS = 20 * 60_000;

/** A connection that has just come up. */
export function openedConnection(
  id: string,
  profile: ApnsProfile,
  clientCertificate?: ClientCertificate,
): ApnsConnectionState {
  return {
    id,
    providerTokens: [],
    streams: initialStreams(profile, clientCertificate !== undefined),
    errors: 0,
    isStuck: false,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}

/** SETTINGS_MAX_CONCURRENT_STREAMS at the start of a connection. */
export function initialStreams(profile: ApnsProfile, hasCertificate: boolean): number {
  return profile.streams === "strict" && !hasCertificate ? 1 : profile.streamsAtOnce;
}

/** The provider token of a reading as the connection knows it. */
export function seenToken(state: ApnsConnectionState, reading: ProviderTokenReading): SeenProviderToken | undefined {
  if (reading.kind === "none") return undefined;
  return state.providerTokens.findLast(({ fingerprint }) => fingerprint === reading.fingerprint);
}

/** Remembers the provider token of a request. Beside a client certificate APNs ignores it. */
export function withProviderToken(
  state: ApnsConnectionState,
  reading: ProviderTokenReading,
  profile: ApnsProfile,
  nowMs: number,
): ApnsConnectionState {
  if (reading.kind === "none" || state.clientCertificate !== undefined) return state;
  if (seenToken(state, reading) !== undefined) return state;
  const issuedAtS = reading.kind === "read" ? reading.issuedAtS : undefined;
  const { providerTokens } = state;
  const isValid = reading.kind === "read" && reading.fault === undefined;
  const sameClaims =
    profile.refreshCountedBy === "iat"
      ? providerTokens.findLast((seen) => seen.isNew && seen.issuedAtS === issuedAtS)
      : undefined;
  const isNew = isValid && sameClaims === undefined;
  const tooSoonAfterMs = isNew ? tooSoon(state, issuedAtS, profile, nowMs) : sameClaims?.tooSoonAfterMs;
  const seen: SeenProviderToken = {
    fingerprint: reading.fingerprint,
    ...(issuedAtS === undefined ? {} : { issuedAtS }),
    firstSeenMs: nowMs,
    isNew,
    ...(tooSoonAfterMs === undefined ? {} : { tooSoonAfterMs }),
  };
  return { ...state, providerTokens: [...providerTokens.slice(1 - REMEMBERED_TOKENS), seen] };
}

/**
 * A connection that was opened shortly before its token was due sees the next one early: counted by `iat`, tokens that are
 * themselves 20 minutes apart are not too close.
 */
function tooSoon(
  { providerTokens }: ApnsConnectionState,
  issuedAtS: number | undefined,
  { refreshCountedBy }: ApnsProfile,
  nowMs: number,
): number | undefined {
  const before = providerTokens.findLast(({ isNew }) => isNew);
  if (before === undefined || nowMs - before.firstSeenMs >= REFRESH_MS) return undefined;
  const apartMs = Math.abs((issuedAtS ?? 0) - (before.issuedAtS ?? 0)) * 1000;
  return refreshCountedBy === "iat" && apartMs >= REFRESH_MS ? undefined : nowMs - before.firstSeenMs;
}

/**
 * Binds the connection to the key of its first valid provider token (Apple, "Establishing a token-based connection to APNs",
 * Team and bundle ID mapping), from when on it may have all streams.
 */
export function withValidToken(state: ApnsConnectionState, key: ApnsKey, profile: ApnsProfile): ApnsConnectionState {
  return state.boundTo === undefined ? { ...state, boundTo: key, streams: profile.streamsAtOnce } : state;
}

/**
 * What an answer changes. Rejections, of which 410 is none, take streams away and in the end the connection, an acceptance
 * makes up for all of them (Apple, "Handling notification responses from APNs", the tip on 4XX).
 */
export function afterAnswer(
  state: ApnsConnectionState,
  status: number,
  reason: string | undefined,
  profile: ApnsProfile,
): ApnsConnectionState {
  if (status === 200) return state.errors === 0 ? state : { ...state, errors: 0, streams: allowance(state, profile) };
  if (status < 400 || status >= 500 || status === 410) return state;
  const errors = state.errors + (reason === "BadDeviceToken" ? 2 : 1);
  const isSlowed = errors >= (profile.errorsUntilOneStream ?? Infinity);
  return { ...state, errors, streams: isSlowed ? 1 : state.streams };
}

/** How many streams a connection without rejections may have at once. */
function allowance({ boundTo, clientCertificate }: ApnsConnectionState, profile: ApnsProfile): number {
  return boundTo === undefined ? initialStreams(profile, clientCertificate !== undefined) : profile.streamsAtOnce;
}

/** Whether a connection has had so many rejections that APNs closes it. */
export function hasTooManyErrors({ errors }: ApnsConnectionState, { errorsUntilGoAway }: ApnsProfile): boolean {
  return errors >= (errorsUntilGoAway ?? Infinity);
}
