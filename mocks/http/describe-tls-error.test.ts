import { expect, test } from "vitest";
import { describeTlsError } from "./describe-tls-error.ts";

const opensslError = (reason: string) =>
  Object.assign(new Error(`80EC:error:0A:SSL routines:f:${reason}:x.c:1`), { reason });

test.each([
  [
    "tlsv1 alert unknown ca",
    "the client does not trust the certificate; it was not given the CA (tlsv1 alert unknown ca)",
  ],
  [
    "sslv3 alert bad certificate",
    "the client does not accept the certificate, for its authority or its names (sslv3 alert bad certificate)",
  ],
  ["wrong version number", "what the client sent is not TLS (wrong version number)"],
  ["something new", "something new"],
])("a TLS error with the reason %j says what the client did", (reason, words) => {
  expect(describeTlsError(opensslError(reason), ["h2"])).toBe(words);
});

test("an error without OpenSSL's reason keeps its own words", () => {
  expect(describeTlsError(new Error("read ECONNRESET"), ["h2"])).toBe("read ECONNRESET");
});
