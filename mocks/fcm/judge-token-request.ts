import { sign } from "node:crypto";
import type { PushFinding } from "../push/push-hooks.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { jsonAnswer, notFoundPage } from "./fcm-answer.ts";
import type { FcmAnswer } from "./fcm-answer.ts";
import type { FcmCredentials } from "./fcm-credentials.ts";
import type { FcmProfile } from "./fcm-profile.ts";
import type { FcmHttpRequest } from "./fcm-request.ts";
import { ASSERTION_RULE, readAssertion } from "./oauth-assertion.ts";

/** What a token request is measured against. */
export interface TokenContext {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly credentials: FcmCredentials;
  readonly profile: FcmProfile;
  readonly accessTokens: Pick<AccessTokens, "issue">;
  /** Further URLs of this endpoint beside Google's own. */
  readonly audiences: readonly string[];
}

/** What OAuth's rules say to one token request. */
export interface TokenJudgement {
  readonly answer: FcmAnswer;
  /** OAuth's `error`; absent with 200. */
  readonly error?: string;
  /** Short hash of the access token, where one was given. */
  readonly fingerprint?: string;
  readonly findings: readonly PushFinding[];
}

/** The paths of Google's token endpoints, newest first. */
const PATH = /^\/(?:token|oauth2\/v4\/token|o\/oauth2\/token)(?:\?|$)/;
const GOOGLE_AUDIENCES: readonly string[] = [
  "https://oauth2.googleapis.com/token",
  "https://www.googleapis.com/oauth2/v4/token",
  "https://accounts.google.com/o/oauth2/token",
];
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LIFETIME_S = 3600;

export function isTokenRequest(path: string): boolean {
  return PATH.test(path);
}

/**
 * Judges one request for an access token (Google, "Using OAuth 2.0 for Server to Server Applications", HTTP/REST; RFC 7523
 * section 2.1). An assertion with a scope that Google does not know draws 200 with an `id_token` and no access token.
 */
export function judgeTokenRequest(http: FcmHttpRequest, context: TokenContext): TokenJudgement {
  const { nowMs, credentials, profile } = context;
  if (http.method !== "POST") {
    const finding = found("not-a-jwt", "POST with a grant_type and an assertion", http.method);
    return { answer: notFoundPage(http.path), error: "not_found", findings: [finding] };
  }
  const form = new URLSearchParams(Buffer.from(http.body).toString("utf8"));
  const grantType = form.get("grant_type") ?? "";
  if (grantType !== JWT_BEARER) {
    const finding = found("wrong-grant-type", JWT_BEARER, grantType.slice(0, 200) || "no grant_type");
    return refused("unsupported_grant_type", `Invalid grant_type: ${grantType}`, finding);
  }
  const reading = readAssertion(form.get("assertion") ?? "", {
    nowMs,
    clientEmail: credentials.clientEmail,
    publicKey: credentials.publicKey,
    audiences: [...GOOGLE_AUDIENCES, ...context.audiences],
    skewS: profile.assertionSkewS,
  });
  if (reading.kind === "refused") {
    const { error, description, mismatch, expected, actual } = reading.refusal;
    return refused(error, description, found(mismatch, expected, actual));
  }
  const { account, scopes } = reading;
  const unknown = scopes.find((scope) => !profile.knownScopes.includes(scope));
  if (unknown !== undefined) {
    const answer = jsonAnswer(200, { id_token: idToken(scopes, credentials, nowMs) });
    return { answer, findings: [found("unknown-scope", "scopes that Google knows", unknown.slice(0, 200))] };
  }
  const { token, fingerprint } = context.accessTokens.issue({
    account,
    scopes,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + LIFETIME_S * 1000,
  });
  const answer = jsonAnswer(200, { access_token: token, expires_in: LIFETIME_S - 1, token_type: "Bearer" });
  return { answer, fingerprint, findings: [] };
}

function found(mismatch: string, expected: string, actual: string): PushFinding {
  return { rule: ASSERTION_RULE, mismatch, expected, actual };
}

function refused(error: string, description: string, finding: PushFinding): TokenJudgement {
  return { answer: jsonAnswer(400, { error, error_description: description }), error, findings: [finding] };
}

/** Signed with the account's own key, for want of Google's. */
function idToken(scopes: readonly string[], credentials: FcmCredentials, nowMs: number): string {
  const issuedAt = Math.floor(nowMs / 1000);
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = encoded({ alg: "RS256", kid: credentials.privateKeyId, typ: "JWT" });
  const claims = encoded({
    aud: scopes.join(" "),
    azp: credentials.clientEmail,
    email: credentials.clientEmail,
    email_verified: true,
    exp: issuedAt + LIFETIME_S,
    iat: issuedAt,
    iss: "https://accounts.google.com",
    sub: credentials.clientId,
  });
  const signature = sign("RSA-SHA256", Buffer.from(`${header}.${claims}`), credentials.privateKeyPem);
  return `${header}.${claims}.${signature.toString("base64url")}`;
}
