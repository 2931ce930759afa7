import { createHash, verify } from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import type { ApnsKey } from "./apns-credentials.ts";
import type { Violation } from "./apns-rule.ts";

/** What an `authorization` header says. The token itself is never kept. */
export type ProviderTokenReading =
  /** There is no header, or it names no token. */
  | { readonly kind: "none" }
  /** It holds something, and that is no JSON Web Token. */
  | { readonly kind: "unreadable"; readonly fingerprint: string; readonly why: string }
  | {
      readonly kind: "read";
      /** Short hash of the token's text. */
      readonly fingerprint: string;
      /** As it was written; Apple writes `bearer`. */
      readonly scheme: string;
      readonly header: Readonly<Record<string, unknown>>;
      readonly claims: Readonly<Record<string, unknown>>;
      /** The `iat` claim in epoch seconds, where it is a number. */
      readonly issuedAtS?: number;
      /** The key that `kid` names, where it is known. */
      readonly key?: ApnsKey;
      /** Whether it is ES256 (RFC 7518 section 3.4: r and s, 32 bytes each) and verifies with the key. */
      readonly signature: "good" | "bad";
      /** What is wrong with its form, algorithm, key, team, time or signature, whenever it is used. */
      readonly fault?: Violation;
      /** What stands in a trace in place of the header's value: the token's header and claims as one JSON object. */
      readonly redacted: string;
    };

/** Reads the value of an `authorization` header. */
export type ProviderTokenReader = (authorization: string | undefined) => ProviderTokenReading;

const REMEMBERED = 1000;
const NONE: ProviderTokenReading = { kind: "none" };

/** Makes a reader that verifies each distinct token once; a provider sends one token with thousands of pushes. */
export function createProviderTokenReader(keys: readonly ApnsKey[]): ProviderTokenReader {
  const byId = new Map(keys.map((key) => [key.keyId, key]));
  const readings = new Map<string, ProviderTokenReading>();
  return (authorization) => {
    if (authorization === undefined) return NONE;
    const known = readings.get(authorization);
    if (known !== undefined) return known;
    const reading = readProviderToken(authorization, byId);
    readings.set(authorization, reading);
    const oldest = readings.keys().next();
    if (readings.size > REMEMBERED && oldest.done !== true) readings.delete(oldest.value);
    return reading;
  };
}

function readProviderToken(authorization: string, keys: ReadonlyMap<string, ApnsKey>): ProviderTokenReading {
  const [scheme = "", token = ""] = authorization.trim().split(/\s+/, 2);
  if (scheme === "" || (isBearer(scheme) && token === "")) return NONE;
  const fingerprint = createHash("sha256").update(authorization).digest("hex").slice(0, 12);
  if (!isBearer(scheme)) return { kind: "unreadable", fingerprint, why: "the authorization scheme is not bearer" };
  try {
    const header: Readonly<Record<string, unknown>> = { ...decodeProtectedHeader(token) };
    const claims: Readonly<Record<string, unknown>> = decodeJwt(token);
    const key = typeof header["kid"] === "string" ? keys.get(header["kid"]) : undefined;
    const issuedAt = claims["iat"];
    const issuedAtS = typeof issuedAt === "number" && Number.isFinite(issuedAt) ? issuedAt : undefined;
    const signature = header["alg"] === "ES256" && key !== undefined && verifies(token, key) ? "good" : "bad";
    const fault = faultOf(header, claims, issuedAtS, key, keys, signature);
    return {
      kind: "read",
      fingerprint,
      scheme,
      header,
      claims,
      signature,
      redacted: JSON.stringify({ ...header, ...claims }),
      ...(issuedAtS === undefined ? {} : { issuedAtS }),
      ...(key === undefined ? {} : { key }),
      ...(fault === undefined ? {} : { fault }),
    };
  } catch {
    return { kind: "unreadable", fingerprint, why: "the provider token is not a JSON Web Token" };
  }
}

/** Apple writes the scheme in lower case and does not say what another case draws; RFC 9110 section 11.1 has none. */
function isBearer(scheme: string): boolean {
  return scheme.toLowerCase() === "bearer";
}

function verifies(token: string, { publicKey }: ApnsKey): boolean {
  const [head, claims, signature = ""] = token.split(".");
  return verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
}

/** Apple, "Establishing a token-based connection to APNs", Create and encrypt your JSON token. */
function faultOf(
  header: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>>,
  issuedAtS: number | undefined,
  key: ApnsKey | undefined,
  keys: ReadonlyMap<string, ApnsKey>,
  signature: "good" | "bad",
): Violation | undefined {
  if (header["alg"] !== "ES256") return { expected: "alg ES256", actual: `alg ${shown(header["alg"])}` };
  if (key === undefined)
    return { expected: `kid ${[...keys.keys()].join(" or ")}`, actual: `kid ${shown(header["kid"])}` };
  if (claims["iss"] !== key.teamId) return { expected: `iss ${key.teamId}`, actual: `iss ${shown(claims["iss"])}` };
  if (issuedAtS === undefined) {
    return { expected: "iat in seconds since the epoch, a number", actual: `iat ${shown(claims["iat"])}` };
  }
  if (signature === "bad") return { expected: "an ES256 signature by the key of kid", actual: "another signature" };
  return undefined;
}

/** What stands in a trace in place of the `authorization` value, never the token. */
export function redactedAuthorization(reading: ProviderTokenReading): string {
  if (reading.kind === "read") return reading.redacted;
  return reading.kind === "none" ? "{}" : JSON.stringify({ unreadable: reading.why });
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
