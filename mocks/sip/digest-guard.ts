import { timingSafeEqual } from "node:crypto";
import type { SipRequest } from "../../harness/wire/sip-message.ts";
import { parseSipUri, sameUri } from "../../harness/wire/sip-uri.ts";
import type { Credentials } from "./credentials.ts";
import { digestOf, parseChallenge, unescaped } from "./digest.ts";
import { newToken } from "./identifiers.ts";
import type { HeaderLine } from "./message-text.ts";

/** What the credentials of a request are worth. `unfit`: they break the rules of the scheme, and say how. */
export type DigestVerdict =
  | { readonly kind: "right" }
  /** None for our realm, or made with another name or password. */
  | { readonly kind: "wrong" }
  /** The right ones for a nonce that is too old, or for a count already used (RFC 2617 section 3.2.1). */
  | { readonly kind: "stale" }
  | { readonly kind: "unfit"; readonly why: string };

/** Asks for and checks Digest credentials: MD5, and `auth` as the only quality of protection (RFC 3261 section 22, RFC 2617). */
export interface DigestGuard {
  /** A challenge with a nonce of its own. */
  challenge(stale: boolean, nowMs: number): HeaderLine;
  judge(request: SipRequest, credentials: Credentials, nowMs: number): DigestVerdict;
}

export function digestGuard(options: { readonly realm: string; readonly nonceLifeMs: number }): DigestGuard {
  const { realm, nonceLifeMs } = options;
  const nonces = new Map<string, { readonly givenAtMs: number; lastCount: number }>();

  return {
    challenge(stale, nowMs) {
      for (const [nonce, { givenAtMs }] of nonces) {
        // A name that was forgotten is stale as well, so nothing is lost; the oldest come first.
        if (givenAtMs > nowMs - 2 * nonceLifeMs) break;
        nonces.delete(nonce);
      }
      const nonce = newToken();
      nonces.set(nonce, { givenAtMs: nowMs, lastCount: 0 });
      const value = `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ", stale=true" : ""}`;
      return ["WWW-Authenticate", value];
    },
    judge(request, { username, password }, nowMs) {
      const given = request.headers
        .filter(({ name }) => name === "authorization")
        .map(({ value }) => parseChallenge(value))
        .find((params) => params?.get("realm") === realm);
      if (given === undefined) return { kind: "wrong" };
      const field = (name: string): string => unescaped(given.get(name) ?? "");
      const missing = ["username", "nonce", "uri", "response", "qop", "nc", "cnonce"].filter(
        (name) => !given.has(name),
      );
      if (missing.length > 0) return { kind: "unfit", why: `Credentials Without ${missing.join(", ")}` };
      const algorithm = given.get("algorithm") ?? "MD5";
      if (algorithm.toUpperCase() !== "MD5" || field("qop").toLowerCase() !== "auth")
        return { kind: "unfit", why: "Credentials Not of the Kind Asked For" };
      const uri = field("uri");
      if (uri !== request.uri && !(parseSipUri(uri) !== undefined && sameUri(uri, request.uri)))
        return { kind: "unfit", why: "Credentials for Another URI" };
      const count = field("nc");
      if (!/^[0-9a-f]{8}$/i.test(count)) return { kind: "unfit", why: "Unreadable nc" };
      const expected = digestOf("md5", {
        username,
        realm,
        password,
        method: request.method,
        uri,
        nonce: field("nonce"),
        protection: { qop: field("qop"), count, cnonce: field("cnonce") },
      });
      if (field("username") !== username || !isSame(expected, field("response").toLowerCase()))
        return { kind: "wrong" };
      const nonce = nonces.get(field("nonce"));
      const number = Number.parseInt(count, 16);
      if (nonce === undefined || nowMs - nonce.givenAtMs > nonceLifeMs || number <= nonce.lastCount)
        return { kind: "stale" };
      nonce.lastCount = number;
      return { kind: "right" };
    },
  };
}

function isSame(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}
