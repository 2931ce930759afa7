import { verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** What an assertion is measured against. */
export interface AssertionContext {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly clientEmail: string;
  readonly publicKey: KeyObject;
  /** URLs of this token endpoint, by any of its names. */
  readonly audiences: readonly string[];
  readonly skewS: number;
}

/** What OAuth answers to an assertion it refuses, and the finding about it. */
export interface AssertionRefusal {
  readonly error: "invalid_request" | "invalid_grant" | "invalid_scope";
  readonly description: string;
  readonly mismatch: string;
  readonly expected: string;
  readonly actual: string;
}

export type AssertionReading =
  | { readonly kind: "refused"; readonly refusal: AssertionRefusal }
  | { readonly kind: "good"; readonly account: string; readonly scopes: readonly string[] };

export const ASSERTION_RULE = "fcm/assertion";
/** Of all that can be wrong with a request for an access token. */
export const assertionSource = {
  id: ASSERTION_RULE,
  source:
    "Google, Using OAuth 2.0 for Server to Server Applications, Preparing to make an authorized API call, HTTP/REST",
};

const MAX_LIFETIME_S = 3600;
const SIGNATURE = "Invalid JWT Signature.";
const WINDOW =
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. " +
  "Check your iat and exp values in the JWT claim.";
const SCOPE = "Invalid OAuth scope or ID token audience provided.";

interface Assertion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Uint8Array;
}

type Check = (assertion: Assertion, context: AssertionContext) => AssertionRefusal | undefined;

/**
 * Looked at in this order, with the words recorded from Google's endpoint (Google, "Using OAuth 2.0 for Server to Server
 * Applications"; field recordings). Whether an unknown account is noticed before a bad signature is not known: it has no key
 * to check one with.
 */
const checks: readonly Check[] = [
  ({ header }) =>
    header["alg"] === "RS256"
      ? undefined
      : refusal("invalid_grant", SIGNATURE, "wrong-algorithm", "alg RS256", `alg ${shown(header["alg"])}`),
  ({ claims }, { clientEmail }) =>
    claims["iss"] === clientEmail
      ? undefined
      : refusal(
          "invalid_grant",
          "Invalid grant: account not found",
          "unknown-account",
          clientEmail,
          shown(claims["iss"]),
        ),
  ({ signed, signature }, { publicKey }) =>
    verify("RSA-SHA256", Buffer.from(signed), publicKey, signature)
      ? undefined
      : refusal("invalid_grant", SIGNATURE, "bad-signature", "an RS256 signature by the account's key", "another"),
  ({ claims }) =>
    secondsOf(claims["iat"]) === undefined
      ? refusal(
          "invalid_grant",
          "Invalid JWT: iat (issued at) is not set.",
          "bad-times",
          "iat in seconds",
          shown(claims["iat"]),
        )
      : undefined,
  ({ claims }) =>
    secondsOf(claims["exp"]) === undefined
      ? refusal(
          "invalid_grant",
          "Invalid JWT: exp (expiration time) is not set.",
          "bad-times",
          "exp in seconds",
          shown(claims["exp"]),
        )
      : undefined,
  checkWindow,
  ({ claims }) =>
    scopesOf(claims).length === 0
      ? refusal("invalid_scope", SCOPE, "no-scope", "a scope that allows to send", "no scope")
      : undefined,
  ({ claims }, { audiences }) =>
    typeof claims["aud"] === "string" && audiences.includes(claims["aud"])
      ? undefined
      : refusal(
          "invalid_grant",
          "Invalid JWT: Failed audience check.",
          "wrong-audience",
          "the URL of the token endpoint",
          shown(claims["aud"]),
        ),
];

/** Reads and judges the `assertion` of a token request (RFC 7523 section 3). */
export function readAssertion(text: string, context: AssertionContext): AssertionReading {
  const assertion = parse(text);
  if (assertion === undefined) {
    const actual = text === "" ? "no assertion" : "text that is no JSON Web Token";
    return refused(refusal("invalid_request", "Bad Request", "not-a-jwt", "a JSON Web Token", actual));
  }
  for (const check of checks) {
    const found = check(assertion, context);
    if (found !== undefined) return refused(found);
  }
  return { kind: "good", account: context.clientEmail, scopes: scopesOf(assertion.claims) };
}

function checkWindow({ claims }: Assertion, { nowMs, skewS }: AssertionContext): AssertionRefusal | undefined {
  const nowS = nowMs / 1000;
  const [iat, exp] = [secondsOf(claims["iat"]) ?? 0, secondsOf(claims["exp"]) ?? 0];
  const lifetimeS = exp - iat;
  if (lifetimeS > MAX_LIFETIME_S + skewS) {
    return refusal(
      "invalid_grant",
      WINDOW,
      "lifetime-too-long",
      `exp at most ${MAX_LIFETIME_S} s after iat`,
      `${lifetimeS} s`,
    );
  }
  if (iat > nowS + skewS || exp < nowS - skewS || lifetimeS <= 0) {
    const actual = `iat ${Math.round(iat - nowS)} s and exp ${Math.round(exp - nowS)} s from now`;
    return refusal("invalid_grant", WINDOW, "bad-times", "iat now and exp at most an hour later", actual);
  }
  return undefined;
}

function parse(text: string): Assertion | undefined {
  const [head = "", body = "", signature = "", ...rest] = text.split(".");
  if (rest.length > 0 || signature === "") return undefined;
  const [header, claims] = [objectOf(head), objectOf(body)];
  if (header === undefined || claims === undefined) return undefined;
  return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, "base64url") };
}

function objectOf(segment: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A number, or a text of digits, which Google takes as well. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
}

function scopesOf(claims: Readonly<Record<string, unknown>>): readonly string[] {
  const scope = claims["scope"];
  return typeof scope === "string" ? scope.split(/\s+/).filter((name) => name !== "") : [];
}

function refusal(
  error: AssertionRefusal["error"],
  description: string,
  mismatch: string,
  expected: string,
  actual: string,
): AssertionRefusal {
  return { error, description, mismatch, expected, actual };
}

function refused(reason: AssertionRefusal): AssertionReading {
  return { kind: "refused", refusal: reason };
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 200);
}
