import { sign } from "node:crypto";
import type { ApnsCredentials } from "../apns-credentials.ts";

/** What can be made wrong in a provider token. */
export interface WrongParts {
  readonly alg?: string;
  readonly kid?: string;
  readonly iss?: string;
  /** Signs with this key instead. */
  readonly p8Pem?: string;
  /** The form of the signature in ASN.1, which JSON Web Tokens do not use. */
  readonly isDer?: boolean;
}

/** Signs a provider token as a provider does; each part can be made wrong. */
export function signProviderToken(credentials: ApnsCredentials, issuedAtS: unknown, wrong: WrongParts = {}): string {
  const header = { alg: wrong.alg ?? "ES256", kid: wrong.kid ?? credentials.keyId };
  const text = `${encoded(header)}.${encoded({ iss: wrong.iss ?? credentials.teamId, iat: issuedAtS })}`;
  const key = wrong.p8Pem ?? credentials.p8Pem;
  const signature = sign("sha256", Buffer.from(text), {
    key,
    dsaEncoding: wrong.isDer === true ? "der" : "ieee-p1363",
  });
  return `${text}.${signature.toString("base64url")}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
