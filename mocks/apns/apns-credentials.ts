import { generateKeyPairSync, randomInt } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** What a provider signs its tokens with, and what the simulated APNs verifies them with. */
export interface ApnsCredentials {
  /** 10 characters, the `iss` claim of a provider token. */
  readonly teamId: string;
  /** 10 characters, the `kid` header of a provider token. */
  readonly keyId: string;
  /** The private key as Apple's `AuthKey_<keyId>.p8` file holds it: P-256, PKCS #8 PEM. */
  readonly p8Pem: string;
  readonly publicKey: KeyObject;
}

/** Makes fresh credentials (Apple, "Establishing a token-based connection to APNs": ES256, 10-character team and key ids). */
export function createApnsCredentials(): ApnsCredentials {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    teamId: tenCharacters(),
    keyId: tenCharacters(),
    p8Pem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    publicKey,
  };
}

function tenCharacters(): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return Array.from({ length: 10 }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}
