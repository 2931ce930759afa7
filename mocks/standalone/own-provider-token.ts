import { createPrivateKey, sign } from "node:crypto";
import type { ApnsCredentials } from "../apns/apns-credentials.ts";

/** Signs a provider token (Apple, "Establishing a token-based connection to APNs", Create and encrypt your JSON token). */
export function ownProviderToken({ teamId, keyId, p8Pem }: ApnsCredentials, nowMs: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "ES256", kid: keyId })}.${part({ iss: teamId, iat: Math.floor(nowMs / 1000) })}`;
  const key = createPrivateKey(p8Pem);
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}
