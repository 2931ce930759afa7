import { createHash, randomBytes } from "node:crypto";
import { type SipResponse, valuesOf } from "../sip-message.ts";

export interface Challenge {
  /** 401 asks in one header field, 407 in another. */
  readonly header: "Authorization" | "Proxy-Authorization";
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly withQop: boolean;
  readonly stale: boolean;
}

/** The first challenge that MD5 and `auth` can meet (RFC 2617, RFC 3261 section 22). */
export function challengeIn(response: SipResponse): Challenge | undefined {
  const header = response.status === 407 ? "Proxy-Authorization" : "Authorization";
  const name = response.status === 407 ? "proxy-authenticate" : "www-authenticate";
  for (const value of valuesOf(response, name)) {
    if (!/^digest\s/i.test(value)) continue;
    const field = (key: string): string | undefined => {
      const found = new RegExp(`[\\s,]${key}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,]+))`, "i").exec(value);
      return found === null ? undefined : (found[1] ?? found[2]);
    };
    const qop = field("qop");
    const nonce = field("nonce");
    if ((field("algorithm") ?? "MD5").toUpperCase() !== "MD5" || nonce === undefined) continue;
    if (qop !== undefined && !qop.split(",").some((one) => one.trim().toLowerCase() === "auth")) continue;
    return {
      header,
      realm: field("realm") ?? "",
      nonce,
      opaque: field("opaque"),
      withQop: qop !== undefined,
      stale: field("stale")?.toLowerCase() === "true",
    };
  }
  return undefined;
}

/** The credentials for one request; `count`: how often the nonce was used, this time included. */
export function credentialsFor(
  challenge: Challenge,
  account: { readonly username: string; readonly password: string },
  request: { readonly method: string; readonly uri: string },
  count: number,
): string {
  const { realm, nonce, opaque, withQop } = challenge;
  const cnonce = randomBytes(8).toString("hex");
  const nc = count.toString(16).padStart(8, "0");
  const secret = md5(`${account.username}:${realm}:${account.password}`);
  const what = md5(`${request.method}:${request.uri}`);
  const response = md5(withQop ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${what}` : `${secret}:${nonce}:${what}`);
  const parts = [
    `username="${account.username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${request.uri}"`,
    `response="${response}"`,
    "algorithm=MD5",
    ...(withQop ? [`cnonce="${cnonce}"`, "qop=auth", `nc=${nc}`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return `Digest ${parts.join(", ")}`;
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
