import { createHash } from "node:crypto";
import type { SipResponse } from "../../harness/wire/sip-message.ts";
import type { Credentials } from "./credentials.ts";
import type { HeaderLine } from "./message-text.ts";

const HASHES: Readonly<Record<string, string>> = { md5: "md5", "sha-256": "sha256" };

/** What the answer is about. */
export interface ChallengedRequest {
  readonly method: string;
  readonly uri: string;
  /** Client nonce, fresh for every answer. */
  readonly cnonce: string;
}

/**
 * The Authorization or Proxy-Authorization header field that answers a 401 or 407 (RFC 3261 section 22, RFC 2617 section 3.2.2, SHA-256
 * of RFC 8760). `undefined` when it holds no Digest challenge we can answer. `auth` is the only quality of protection we choose.
 */
export function answerChallenge(
  response: SipResponse,
  request: ChallengedRequest,
  credentials: Credentials,
): HeaderLine | undefined {
  const [asked, answered] =
    response.status === 407 ? ["proxy-authenticate", "Proxy-Authorization"] : ["www-authenticate", "Authorization"];
  for (const field of response.headers) {
    if (field.name !== asked) continue;
    const challenge = parseChallenge(field.value);
    if (challenge === undefined) continue;
    const value = credentialsFor(challenge, request, credentials);
    if (value !== undefined) return [answered, value];
  }
  return undefined;
}

/** Parameters of a Digest challenge, names in lower case, quotes removed; `undefined` for another scheme. */
export function parseChallenge(value: string): ReadonlyMap<string, string> | undefined {
  const scheme = /^\s*digest\s+/i.exec(value);
  if (scheme === null) return undefined;
  const params = new Map<string, string>();
  for (const match of value.slice(scheme[0].length).matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    const [, name = "", quoted, bare = ""] = match;
    params.set(name.toLowerCase(), quoted ?? bare);
  }
  return params;
}

function credentialsFor(
  challenge: ReadonlyMap<string, string>,
  request: ChallengedRequest,
  { username, password }: Credentials,
): string | undefined {
  const realm = challenge.get("realm");
  const nonce = challenge.get("nonce");
  const algorithm = challenge.get("algorithm") ?? "MD5";
  const hashName = HASHES[algorithm.toLowerCase()];
  const offered = challenge.get("qop");
  const qop = offered
    ?.split(",")
    .map((option) => option.trim().toLowerCase())
    .find((option) => option === "auth");
  if (realm === undefined || nonce === undefined || hashName === undefined) return undefined;
  if (offered !== undefined && qop === undefined) return undefined;

  const count = "00000001";
  const response = digestOf(hashName, {
    username,
    realm: unescaped(realm),
    password,
    method: request.method,
    uri: request.uri,
    nonce: unescaped(nonce),
    ...(qop === undefined ? {} : { protection: { qop, count, cnonce: request.cnonce } }),
  });

  const parts = [
    `username="${username.replace(/["\\]/g, "\\$&")}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${request.uri}"`,
    `response="${response}"`,
  ];
  if (challenge.has("algorithm")) parts.push(`algorithm=${algorithm}`);
  const opaque = challenge.get("opaque");
  if (opaque !== undefined) parts.push(`opaque="${opaque}"`);
  if (qop !== undefined) parts.push(`qop=${qop}`, `cnonce="${request.cnonce}"`, `nc=${count}`);
  return `Digest ${parts.join(", ")}`;
}

/** The digest of RFC 2617 section 3.2.2.1; without `protection` that of RFC 2069. Quoted strings come in with their escapes resolved. */
export function digestOf(
  hashName: string,
  parts: {
    readonly username: string;
    readonly realm: string;
    readonly password: string;
    readonly method: string;
    readonly uri: string;
    readonly nonce: string;
    readonly protection?: { readonly qop: string; readonly count: string; readonly cnonce: string };
  },
): string {
  const hash = (text: string): string => createHash(hashName).update(text).digest("hex");
  const secret = hash(`${parts.username}:${parts.realm}:${parts.password}`);
  const what = hash(`${parts.method}:${parts.uri}`);
  const { protection } = parts;
  const between = protection === undefined ? "" : `${protection.count}:${protection.cnonce}:${protection.qop}:`;
  return hash(`${secret}:${parts.nonce}:${between}${what}`);
}

export function unescaped(quoted: string): string {
  return quoted.replace(/\\(.)/g, "$1");
}
