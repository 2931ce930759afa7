import { readFileSync } from "node:fs";
import { generateKeyPair, importPKCS8, SignJWT } from "jose";
import type { Fault } from "./faults.ts";

/** Apple: refresh no more than once every 20 minutes and no less than once every 60. */
const REFRESH_MS = 50 * 60_000;
const STALE_S = 2 * 3600;

/**
 * Makes the provider tokens of one APNs key ("Establishing a token-based connection to APNs"): ES256 with `kid`, `iss` and
 * `iat`, kept for 50 minutes. Throws when the key file cannot be read.
 */
export function providerTokens(
  credentials: { readonly teamId: string; readonly keyId: string; readonly keyFile: string },
  fault: Fault,
): () => Promise<string> {
  const pem = readFileSync(credentials.keyFile, "utf8");
  let signed: { readonly atMs: number; readonly token: Promise<string> } | undefined;
  let count = 0;
  const sign = async (): Promise<string> => {
    const key =
      fault === "jwt-wrong-key" ? (await generateKeyPair("ES256")).privateKey : await importPKCS8(pem, "ES256");
    count += 1;
    const backdatedS = fault === "jwt-stale" ? STALE_S : fault === "jwt-per-push" ? count % 3000 : 0;
    return new SignJWT({ iss: credentials.teamId, iat: Math.floor(Date.now() / 1000) - backdatedS })
      .setProtectedHeader({ alg: "ES256", kid: credentials.keyId })
      .sign(key);
  };
  return () => {
    if (signed === undefined || fault === "jwt-per-push" || Date.now() - signed.atMs > REFRESH_MS) {
      signed = { atMs: Date.now(), token: sign() };
    }
    return signed.token;
  };
}
