import { generateKeyPairSync, randomInt } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { ApnsEnvironment } from "./apns-profile.ts";

/** A key of a developer account: what the simulated APNs verifies provider tokens with. */
export interface ApnsKey {
  /** 10 characters, the `iss` claim of a provider token. */
  readonly teamId: string;
  /** 10 characters, the `kid` header of a provider token. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /**
   * Where it is good. New keys are for one environment, older ones for both (Apple, "Establishing a token-based connection
   * to APNs", Team-scoped keys).
   * @default both
   */
  readonly environments?: readonly ApnsEnvironment[];
  /** The bundle ids a topic-specific key is for. Absent: it is team-scoped, for every topic. */
  readonly bundleIds?: readonly string[];
  /** A topic-specific key can have one related key, to be used on the same connection. */
  readonly relatedKeyId?: string;
}

/** What a provider signs its tokens with, and what the simulated APNs verifies them with. */
export interface ApnsCredentials extends ApnsKey {
  /** The private key as Apple's `AuthKey_<keyId>.p8` file holds it: P-256, PKCS #8 PEM. */
  readonly p8Pem: string;
}

/**
 * Makes a fresh key (Apple, "Establishing a token-based connection to APNs": ES256, 10-character team and key ids), of a team
 * of its own unless given.
 */
export function createApnsCredentials(of: Partial<Omit<ApnsKey, "keyId" | "publicKey">> = {}): ApnsCredentials {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    ...of,
    teamId: of.teamId ?? tenCharacters(),
    keyId: tenCharacters(),
    p8Pem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    publicKey,
  };
}

/**
 * Whether a connection that began with one key may go on with another (Apple, "Establishing a token-based connection to
 * APNs", Team and bundle ID mapping): team-scoped keys are of one family, a topic-specific one has at most one relative.
 */
export function areRelated(first: ApnsKey, other: ApnsKey): boolean {
  if (first.keyId === other.keyId) return true;
  if (first.bundleIds === undefined || other.bundleIds === undefined) return first.bundleIds === other.bundleIds;
  return first.relatedKeyId === other.keyId || other.relatedKeyId === first.keyId;
}

function tenCharacters(): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return Array.from({ length: 10 }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}
