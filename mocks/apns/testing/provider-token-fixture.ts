import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import type { ApnsCredentials } from "../apns-credentials.ts";

/** Signs a provider token as a provider does; each part can be made wrong. */
export async function signProviderToken(
  credentials: ApnsCredentials,
  issuedAtS: unknown,
  wrong: { readonly kid?: string; readonly iss?: string; readonly p8Pem?: string } = {},
): Promise<string> {
  return new SignJWT({ iss: wrong.iss ?? credentials.teamId, iat: issuedAtS as number })
    .setProtectedHeader({ alg: "ES256", kid: wrong.kid ?? credentials.keyId })
    .sign(createPrivateKey(wrong.p8Pem ?? credentials.p8Pem));
}
