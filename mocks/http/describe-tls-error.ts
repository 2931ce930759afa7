import { messageOf } from "../../harness/errors.ts";

/** By a part of OpenSSL's reason: what the client did, where OpenSSL's words do not tell its author what to change. */
const meanings: readonly (readonly [part: string, meaning: (protocols: readonly string[]) => string])[] = [
  ["no application protocol", (protocols) => `the client did not offer ${protocols.join(" or ")} by ALPN`],
  ["unsupported protocol", () => "the client offers no TLS version from 1.2 on"],
  ["alert unknown ca", () => "the client does not trust the certificate; it was not given the CA"],
  ["alert bad certificate", () => "the client does not accept the certificate, for its authority or its names"],
  ["alert certificate unknown", () => "the client does not accept the certificate, for its authority or its names"],
  ["http request", () => "the client speaks HTTP without TLS"],
  ["wrong version number", () => "what the client sent is not TLS"],
];

const BROKEN_OFF =
  "the client broke the handshake off, as clients for Node.js do that do not trust the certificate for its authority or its names";

/** Why a TLS handshake failed, in words for whoever wrote the client. */
export function describeTlsError(error: unknown, protocols: readonly string[]): string {
  // Node's clients look at the certificate after the handshake, and leave without an alert.
  if (error instanceof Error && "code" in error && error.code === "ECONNRESET") return BROKEN_OFF;
  // Node puts OpenSSL's reason beside a message with addresses in memory and lines of OpenSSL's source.
  const reason = error instanceof Error && "reason" in error ? error.reason : undefined;
  if (typeof reason !== "string") return messageOf(error);
  const meaning = meanings.find(([part]) => reason.includes(part))?.[1];
  return meaning === undefined ? reason : `${meaning(protocols)} (${reason})`;
}
