import { randomBytes } from "node:crypto";
import { request } from "node:https";
import { importPKCS8, SignJWT } from "jose";
import type { Fault } from "./faults.ts";
import type { ServiceAccount } from "./service-account.ts";

/** The access tokens of one service account. */
export interface AccessTokens {
  /** Rejects when the token endpoint grants none. */
  now(): Promise<string>;
  /** The service does not take it (401): the next one is a new one. */
  refused(token: string): void;
}

interface Grant {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly freshUntilMs: number;
}

interface AskedFor {
  readonly grant: Promise<Grant>;
  granted?: Grant;
}

const SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** Google, Using OAuth 2.0 for Server to Server Applications, of `exp`: "a maximum of 1 hour after the issued time". */
const ASSERTION_S = 3600;
/** Access tokens last an hour and are kept for 50 minutes, so that none expires on its way. */
const KEPT_SHARE = 5 / 6;
const ANSWER_TIMEOUT_MS = 10_000;

/** OAuth 2.0 with a JWT bearer assertion (RFC 7523), the access token kept for about 50 minutes. */
export function accessTokens(account: ServiceAccount, ca: Buffer | undefined, fault: Fault): AccessTokens {
  let kept: AskedFor | undefined;

  const grant = async (): Promise<Grant> => {
    if (fault === "fcm-assertion-two-hours") await ask(account, ca, 2 * ASSERTION_S).catch(() => undefined);
    return ask(account, ca, ASSERTION_S);
  };
  const renewed = (): AskedFor => {
    const asked: AskedFor = { grant: grant() };
    asked.grant.then(
      (granted) => {
        asked.granted = granted;
      },
      () => {
        if (kept === asked) kept = undefined;
      },
    );
    return asked;
  };
  const isStale = ({ granted }: AskedFor): boolean => granted !== undefined && Date.now() > granted.freshUntilMs;

  return {
    now: async () => {
      if (fault === "fcm-unknown-access-token") return `ya29.${randomBytes(16).toString("base64url")}`;
      if (kept === undefined || isStale(kept) || fault === "fcm-token-per-push") kept = renewed();
      return (await kept.grant).token;
    },
    refused: (token) => {
      if (kept?.granted?.token === token) kept = undefined;
    },
  };
}

async function ask(account: ServiceAccount, ca: Buffer | undefined, lifetimeS: number): Promise<Grant> {
  const askedAtMs = Date.now();
  const issuedAtS = Math.floor(askedAtMs / 1000);
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: account.privateKeyId })
    .setIssuer(account.clientEmail)
    .setAudience(account.tokenUri)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + lifetimeS)
    .sign(await importPKCS8(account.privateKey, "RS256"));
  const form = new URLSearchParams({ grant_type: GRANT_TYPE, assertion }).toString();
  const { status, text } = await post(account.tokenUri, ca, form);
  if (status !== 200) throw new Error(`the token endpoint answered ${status}`);
  const { access_token: token, expires_in: lastsS } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (typeof token !== "string" || typeof lastsS !== "number") throw new Error("the token endpoint granted no token");
  return { token, freshUntilMs: askedAtMs + lastsS * 1000 * KEPT_SHARE };
}

function post(
  url: string,
  ca: Buffer | undefined,
  form: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(form) },
      timeout: ANSWER_TIMEOUT_MS,
      agent: false,
      ...(ca === undefined ? {} : { ca }),
    });
    asking.on("timeout", () => asking.destroy(new Error("the token endpoint does not answer")));
    asking.on("error", reject);
    asking.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }));
    });
    asking.end(form);
  });
}
