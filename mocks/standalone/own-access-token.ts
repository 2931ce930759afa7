import { request } from "node:https";
import { importPKCS8, SignJWT } from "jose";
import { HarnessFault } from "../../harness/errors.ts";
import type { ServiceAccountKey } from "../fcm/fcm-credentials.ts";

const SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
const LIFETIME_S = 3600;
const DEADLINE_MS = 5_000;

/**
 * Trades an assertion of the service account for an access token, as any client does (Google, "Using OAuth 2.0 for Server to
 * Server Applications", HTTP/REST).
 *
 * @throws HarnessFault when the token endpoint gives none
 */
export async function ownAccessToken(account: ServiceAccountKey, caPem: string, nowMs: number): Promise<string> {
  const nowS = Math.floor(nowMs / 1000);
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: account.private_key_id })
    .setIssuer(account.client_email)
    .setAudience(account.token_uri)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + LIFETIME_S)
    .sign(await importPKCS8(account.private_key, "RS256"));
  const form = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
  const text = await post(account.token_uri, form.toString(), caPem);
  const { access_token: token } = JSON.parse(text) as { readonly access_token?: unknown };
  if (typeof token !== "string") throw new HarnessFault("no-access-token", `The token endpoint answered ${text}`);
  return token;
}

function post(url: string, form: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      {
        method: "POST",
        ca,
        agent: false,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        signal: AbortSignal.timeout(DEADLINE_MS),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("end", () => resolve(Buffer.concat(chunks).toString()));
        response.once("error", reject);
      },
    );
    sending.once("error", reject);
    sending.end(form);
  });
}
