import { createHash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { compactVerify, decodeJwt, decodeProtectedHeader } from "jose";

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
      readonly header: Readonly<Record<string, unknown>>;
      readonly claims: Readonly<Record<string, unknown>>;
      /** Whether it is ES256 (RFC 7518 section 3.4: r and s, 32 bytes each) and verifies with the key. */
      readonly signature: "good" | "bad";
    };

/** Reads the value of an `authorization` header. */
export type ProviderTokenReader = (authorization: string | undefined) => Promise<ProviderTokenReading>;

const REMEMBERED = 1000;

/** Makes a reader that verifies each distinct token once; a provider sends one token with thousands of pushes. */
export function createProviderTokenReader(publicKey: KeyObject): ProviderTokenReader {
  const readings = new Map<string, Promise<ProviderTokenReading>>();
  return async (authorization) => {
    const known = readings.get(authorization ?? "");
    if (known !== undefined) return known;
    const reading = readProviderToken(authorization ?? "", publicKey);
    readings.set(authorization ?? "", reading);
    const oldest = readings.keys().next();
    if (readings.size > REMEMBERED && oldest.done !== true) readings.delete(oldest.value);
    return reading;
  };
}

async function readProviderToken(authorization: string, publicKey: KeyObject): Promise<ProviderTokenReading> {
  const [scheme = "", token = ""] = authorization.trim().split(/\s+/, 2);
  if (scheme === "" || (isBearer(scheme) && token === "")) return { kind: "none" };
  const fingerprint = createHash("sha256").update(authorization).digest("hex").slice(0, 12);
  if (!isBearer(scheme)) return { kind: "unreadable", fingerprint, why: "the authorization scheme is not bearer" };
  try {
    return {
      kind: "read",
      fingerprint,
      header: { ...decodeProtectedHeader(token) },
      claims: decodeJwt(token),
      signature: await signatureOf(token, publicKey),
    };
  } catch {
    return { kind: "unreadable", fingerprint, why: "the provider token is not a JSON Web Token" };
  }
}

/** Apple writes the scheme in lower case and does not say what another case draws; RFC 9110 section 11.1 has none. */
function isBearer(scheme: string): boolean {
  return scheme.toLowerCase() === "bearer";
}

async function signatureOf(token: string, publicKey: KeyObject): Promise<"good" | "bad"> {
  try {
    await compactVerify(token, publicKey, { algorithms: ["ES256"] });
    return "good";
  } catch {
    return "bad";
  }
}

/** The `iat` claim in epoch seconds, where it is a number. */
export function issuedAtOf(reading: ProviderTokenReading): number | undefined {
  if (reading.kind !== "read") return undefined;
  const issuedAt = reading.claims["iat"];
  return typeof issuedAt === "number" && Number.isFinite(issuedAt) ? issuedAt : undefined;
}

/** What stands in a trace in place of the `authorization` value: the token's header and claims as one JSON object. */
export function redactedAuthorization(reading: ProviderTokenReading): string {
  if (reading.kind === "read") return JSON.stringify({ ...reading.header, ...reading.claims });
  return reading.kind === "none" ? "{}" : JSON.stringify({ unreadable: reading.why });
}
