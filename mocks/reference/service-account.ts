import { readFileSync } from "node:fs";

/** As much of Google's key file of a service account as a sender of messages needs. */
export interface ServiceAccount {
  readonly clientEmail: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  readonly privateKeyId: string;
  /** The token endpoint of OAuth 2.0. */
  readonly tokenUri: string;
}

/** Throws an Error that names the file and the member it misses. */
export function readServiceAccount(file: string): ServiceAccount {
  const members = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => {
    const value = members[name];
    if (typeof value !== "string" || value === "") throw new Error(`${file}: ${name} is missing`);
    return value;
  };
  return {
    clientEmail: text("client_email"),
    privateKey: text("private_key"),
    privateKeyId: text("private_key_id"),
    tokenUri: text("token_uri"),
  };
}
