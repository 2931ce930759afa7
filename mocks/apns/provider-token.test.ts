import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApnsCredentials } from "./apns-credentials.ts";
import { createProviderTokenReader, redactedAuthorization } from "./provider-token.ts";
import { signProviderToken } from "./testing/provider-token-fixture.ts";

const CREDENTIALS = createApnsCredentials();
const OTHER = createApnsCredentials();
const read = createProviderTokenReader([CREDENTIALS, OTHER]);
const ISSUED_S = 1_800_000_000;

describe("a provider token", () => {
  test("is good when the key signed it, whatever the case of the scheme", () => {
    const token = signProviderToken(CREDENTIALS, ISSUED_S);
    for (const scheme of ["bearer", "Bearer"]) {
      const reading = read(`${scheme} ${token}`);
      expect(reading).toMatchObject({
        kind: "read",
        scheme,
        header: { alg: "ES256", kid: CREDENTIALS.keyId },
        claims: { iss: CREDENTIALS.teamId, iat: ISSUED_S },
        issuedAtS: ISSUED_S,
        signature: "good",
        key: CREDENTIALS,
      });
      expect(reading).not.toHaveProperty("fault");
    }
  });

  test("is verified with the key that it names", () => {
    expect(read(`bearer ${signProviderToken(OTHER, ISSUED_S)}`)).toMatchObject({ signature: "good", key: OTHER });
    const crossed = signProviderToken(OTHER, ISSUED_S, { kid: CREDENTIALS.keyId });
    expect(read(`bearer ${crossed}`)).toMatchObject({
      signature: "bad",
      fault: { expected: `iss ${CREDENTIALS.teamId}` },
    });
  });

  test("is verified once and then remembered", () => {
    const authorization = `bearer ${signProviderToken(CREDENTIALS, ISSUED_S)}`;
    expect(read(authorization)).toBe(read(authorization));
  });

  test("has another fingerprint each time it is signed", () => {
    const [first, second] = [1, 2].map(() => read(`bearer ${signProviderToken(CREDENTIALS, ISSUED_S)}`));
    expect(first).toMatchObject({ kind: "read", fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(first).not.toEqual(second);
  });

  test.each([
    ["with the signature of another key", { p8Pem: OTHER.p8Pem }, "another signature"],
    ["with a signature in DER instead of r and s", { isDer: true }, "another signature"],
    ["with alg none", { alg: "none" }, 'alg "none"'],
    ["with alg RS256", { alg: "RS256" }, 'alg "RS256"'],
    ["of an unknown key", { kid: "ABC123DEFG" }, 'kid "ABC123DEFG"'],
    ["of a team whose key it is not", { iss: OTHER.teamId }, `iss "${OTHER.teamId}"`],
  ])("is invalid %s", (_what, wrong, actual) => {
    expect(read(`bearer ${signProviderToken(CREDENTIALS, ISSUED_S, wrong)}`)).toMatchObject({
      kind: "read",
      fault: { actual },
    });
  });

  test("is missing where the header is absent, empty or names none", () => {
    for (const authorization of [undefined, "", "bearer", "bearer  "]) {
      expect(read(authorization)).toEqual({ kind: "none" });
    }
  });

  test("is unreadable for anything else", () => {
    expect(read("Basic dXNlcjpwYXNz")).toMatchObject({ kind: "unreadable" });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const reading = read(`bearer x${text}`);
        expect(reading.kind).toBe("unreadable");
      }),
    );
  });

  test("leaves only its header and claims behind", () => {
    const token = signProviderToken(CREDENTIALS, ISSUED_S);
    const left = redactedAuthorization(read(`bearer ${token}`));
    expect(JSON.parse(left)).toEqual({
      alg: "ES256",
      kid: CREDENTIALS.keyId,
      iss: CREDENTIALS.teamId,
      iat: ISSUED_S,
    });
    for (const part of token.split(".")) expect(left).not.toContain(part);
  });

  test("has no issuing time where iat is not a number", () => {
    const reading = read(`bearer ${signProviderToken(CREDENTIALS, `${ISSUED_S}000`)}`);
    expect(reading).toMatchObject({ kind: "read", signature: "good", fault: { actual: `iat "${ISSUED_S}000"` } });
    expect(reading).not.toHaveProperty("issuedAtS");
  });
});
