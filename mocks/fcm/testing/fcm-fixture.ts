import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import type { FcmCredentials } from "../fcm-credentials.ts";
import { createFcmCredentials } from "../fcm-credentials.ts";
import type { AccessTokens } from "../access-tokens.ts";
import { createAccessTokens } from "../access-tokens.ts";
import { defaultFcmProfile } from "../fcm-profile.ts";
import type { FcmProfile } from "../fcm-profile.ts";
import type { FcmContext, FcmHttpRequest } from "../fcm-request.ts";
import { createQuota } from "../quota.ts";

export const NOW_MS = 1_800_000_000_000;
export const MESSAGING_SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
export const PACKAGE = "com.example.phone";
const device = (letter: string) => `${letter.repeat(22)}:APA91b${letter.repeat(134)}`;
export const TOKEN = device("a");
export const GONE_TOKEN = device("b");
export const FOREIGN_TOKEN = device("c");
/** Of the right form, and never issued. */
export const STRANGE_TOKEN = device("d");

const STATES: Readonly<Record<string, ReturnType<FcmContext["lookUpToken"]>>> = {
  [TOKEN]: { state: "current" },
  [GONE_TOKEN]: { state: "unregistered", sinceMs: NOW_MS - 1000 },
  [FOREIGN_TOKEN]: { state: "current", project: "another-project" },
};
export const lookUpToken: FcmContext["lookUpToken"] = (token) => STATES[token] ?? { state: "unknown" };

/** What a test needs to have requests judged. */
export interface FcmFixture {
  readonly credentials: FcmCredentials;
  readonly accessTokens: AccessTokens;
  /** An access token issued now, for an hour. */
  readonly accessToken: string;
  readonly context: (profile?: Partial<FcmProfile>, more?: Partial<FcmContext>) => FcmContext;
  /** A request that breaks no rule, but for what is changed; a header set to undefined is left out. */
  readonly request: (
    body: unknown,
    change?: Partial<FcmHttpRequest>,
    headers?: Readonly<Record<string, string | undefined>>,
  ) => FcmHttpRequest;
}

export async function fcmFixture(): Promise<FcmFixture> {
  const credentials = await createFcmCredentials({ projectId: "ringtrue-test" });
  const accessTokens = createAccessTokens();
  const { token: accessToken } = accessTokens.issue({
    account: credentials.clientEmail,
    scopes: [MESSAGING_SCOPE],
    issuedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 3_600_000,
  });
  let messages = 0;
  return {
    credentials,
    accessTokens,
    accessToken,
    context(change = {}, more = {}) {
      const profile = { ...defaultFcmProfile, ...change };
      return {
        nowMs: NOW_MS,
        projectId: credentials.projectId,
        projectNumber: credentials.projectNumber,
        packageName: PACKAGE,
        ttlMaxS: 60,
        purpose: "call",
        profile,
        lookUpToken,
        readAccess: accessTokens.read,
        isOverQuota: createQuota(profile).isOver,
        nextMessageId: () => `0:${++messages}%00`,
        ...more,
      };
    },
    request: (body, change = {}, headers = {}) => ({
      method: "POST",
      path: `/v1/projects/${credentials.projectId}/messages:send`,
      headers: Object.entries({
        "content-type": "application/json",
        authorization: `Bearer ${accessToken}`,
        ...headers,
      }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
      body: body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
      isCut: false,
      notes: [],
      ...change,
    }),
  };
}

/** A message for a call that breaks no rule. */
export function goodMessage(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { token: TOKEN, data: { callId: "1" }, android: { priority: "HIGH", ttl: "30s" }, ...change };
}

/** An assertion as Google's libraries sign it; each part can be made wrong. */
export async function signAssertion(
  credentials: FcmCredentials,
  wrong: {
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly alg?: string;
    readonly privateKeyPem?: string;
  } = {},
): Promise<string> {
  const issuedAt = NOW_MS / 1000;
  const claims = {
    iss: credentials.clientEmail,
    scope: MESSAGING_SCOPE,
    aud: "https://oauth2.googleapis.com/token",
    iat: issuedAt,
    exp: issuedAt + 3600,
    ...wrong.claims,
  };
  const alg = wrong.alg ?? "RS256";
  const key =
    alg === "HS256"
      ? Buffer.from("a secret that is no key of the account")
      : createPrivateKey(wrong.privateKeyPem ?? credentials.privateKeyPem);
  return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(key);
}
