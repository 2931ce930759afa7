import { sign } from "node:crypto";
import type { ServiceAccountKey } from "../../fcm/fcm-credentials.ts";
import type { SentRequest } from "./two-ways.ts";

const HOUR_S = 3600;

/** An assertion as Google's libraries sign it; claims can be changed or left out (undefined), and the algorithm misnamed. */
export function signAssertion(
  account: Pick<ServiceAccountKey, "client_email" | "private_key">,
  claims: Readonly<Record<string, unknown>> = {},
  alg = "RS256",
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const issuedAt = Math.floor(Date.now() / 1000);
  const text = `${part({ alg, typ: "JWT" })}.${part({
    iss: account.client_email,
    scope: "https://www.googleapis.com/auth/firebase.messaging",
    aud: "https://oauth2.googleapis.com/token",
    iat: issuedAt,
    exp: issuedAt + HOUR_S,
    ...claims,
  })}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), account.private_key).toString("base64url")}`;
}

export function tokenRequest(
  assertion: string,
  grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer",
): SentRequest {
  return {
    method: "POST",
    path: "/token",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: grantType, assertion }).toString(),
  };
}
