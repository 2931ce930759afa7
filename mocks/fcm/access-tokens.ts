import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What an access token allows, to whom and until when. */
export interface AccessGrant {
  /** The service account's e-mail address. */
  readonly account: string;
  readonly scopes: readonly string[];
  /** Epoch milliseconds. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * What an `authorization` header says. The token itself is never kept; `redacted` stands in a trace in its place, and says
 * what the token is for.
 */
export type AccessReading =
  /** There is none, or it names no bearer token. */
  | { readonly kind: "none"; readonly redacted: string }
  /** A token this service did not issue. */
  | { readonly kind: "unknown"; readonly redacted: string; readonly fingerprint: string }
  | {
      readonly kind: "granted";
      readonly redacted: string;
      readonly fingerprint: string;
      readonly grant: AccessGrant;
    };

/** Issues access tokens and knows them again. */
export interface AccessTokens {
  issue(grant: AccessGrant): { readonly token: string; readonly fingerprint: string };
  /** Reads the value of an `authorization` header. Says nothing of expiry, which is the rules' part. */
  read(authorization: string | undefined): AccessReading;
}

const REMEMBERED = 1000;
const PREFIX = "ya29.c.";

/**
 * The tokens carry their grant, authenticated with a key of this object: nothing is kept, however many are issued. Their form
 * is the one that Google's have for service accounts.
 */
export function createAccessTokens(): AccessTokens {
  const key = randomBytes(32);
  const macOf = (claims: string) => createHmac("sha256", key).update(claims).digest();
  const readings = new Map<string, AccessReading>();
  // A sender repeats one token thousands of times, and to compare is quicker than to look up.
  let last: { readonly authorization: string; readonly reading: AccessReading } | undefined;

  function read(authorization: string): AccessReading {
    const [, token] = /^\s*bearer\s+(\S+)\s*$/i.exec(authorization) ?? [];
    if (token === undefined) return { kind: "none", redacted: "{}" };
    const fingerprint = fingerprintOf(token);
    const [claims = "", mac = ""] = token.startsWith(PREFIX) ? token.slice(PREFIX.length).split(".") : [];
    const [given, due] = [Buffer.from(mac, "base64url"), macOf(claims)];
    if (given.length !== due.length || !timingSafeEqual(given, due))
      return { kind: "unknown", redacted: JSON.stringify({ unknown: fingerprint }), fingerprint };
    const grant = JSON.parse(Buffer.from(claims, "base64url").toString()) as AccessGrant;
    return { kind: "granted", redacted: redacted(grant), fingerprint, grant };
  }

  return {
    issue(grant) {
      // Two tokens for the same account within a millisecond are two tokens.
      const claims = Buffer.from(JSON.stringify({ ...grant, nonce: randomBytes(6).toString("hex") })).toString(
        "base64url",
      );
      const token = `${PREFIX}${claims}.${macOf(claims).toString("base64url")}`;
      return { token, fingerprint: fingerprintOf(token) };
    },
    read(authorization = "") {
      if (last?.authorization === authorization) return last.reading;
      const reading = readings.get(authorization) ?? read(authorization);
      last = { authorization, reading };
      readings.set(authorization, reading);
      const oldest = readings.keys().next();
      if (readings.size > REMEMBERED && oldest.done !== true) readings.delete(oldest.value);
      return reading;
    },
  };
}

function redacted({ account, scopes, expiresAtMs }: AccessGrant): string {
  return JSON.stringify({ account, scope: scopes.join(" "), expiresAtS: Math.floor(expiresAtMs / 1000) });
}

function fingerprintOf(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, 12);
}
