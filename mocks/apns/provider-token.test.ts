import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApnsCredentials } from "./apns-credentials.ts";
import { createProviderTokenReader, issuedAtOf, redactedAuthorization } from "./provider-token.ts";
import { signProviderToken } from "./testing/provider-token-fixture.ts";

const CREDENTIALS = createApnsCredentials();
const read = createProviderTokenReader(createPublicKey(CREDENTIALS.p8Pem));
const ISSUED_S = 1_800_000_000;

describe("a provider token", () => {
  test("is good when the key signed it, whatever the case of the scheme", async () => {
    const token = await signProviderToken(CREDENTIALS, ISSUED_S);
    for (const scheme of ["bearer", "Bearer"]) {
      expect(await read(`${scheme} ${token}`)).toMatchObject({
        kind: "read",
        header: { alg: "ES256", kid: CREDENTIALS.keyId },
        claims: { iss: CREDENTIALS.teamId, iat: ISSUED_S },
        signature: "good",
      });
    }
  });

  test("is verified once and then remembered", async () => {
    const authorization = `bearer ${await signProviderToken(CREDENTIALS, ISSUED_S)}`;
    expect(await read(authorization)).toBe(await read(authorization));
  });

  test("has another fingerprint each time it is signed", async () => {
    const [first, second] = [
      await read(`bearer ${await signProviderToken(CREDENTIALS, ISSUED_S)}`),
      await read(`bearer ${await signProviderToken(CREDENTIALS, ISSUED_S)}`),
    ];
    expect(first).toMatchObject({ kind: "read", fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(first).not.toEqual(second);
  });

  test("is bad with the signature of another key", async () => {
    const token = await signProviderToken(CREDENTIALS, ISSUED_S, { p8Pem: createApnsCredentials().p8Pem });
    expect(await read(`bearer ${token}`)).toMatchObject({ kind: "read", signature: "bad" });
  });

  test("is bad with a signature in DER instead of r and s", async () => {
    const [head, claims] = (await signProviderToken(CREDENTIALS, ISSUED_S)).split(".");
    const der = sign("sha256", Buffer.from(`${head}.${claims}`), CREDENTIALS.p8Pem).toString("base64url");
    expect(await read(`bearer ${head}.${claims}.${der}`)).toMatchObject({ kind: "read", signature: "bad" });
  });

  test("is bad with alg none or RS256", async () => {
    const claims = Buffer.from(JSON.stringify({ iss: CREDENTIALS.teamId, iat: ISSUED_S })).toString("base64url");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    for (const alg of ["none", "RS256"]) {
      const head = Buffer.from(JSON.stringify({ alg, kid: CREDENTIALS.keyId })).toString("base64url");
      const signature =
        alg === "none" ? "" : sign("sha256", Buffer.from(`${head}.${claims}`), privateKey).toString("base64url");
      expect(await read(`bearer ${head}.${claims}.${signature}`)).toMatchObject({ signature: "bad" });
    }
  });

  test("is missing where the header is absent, empty or names none", async () => {
    for (const authorization of [undefined, "", "bearer", "bearer  "]) {
      expect(await read(authorization)).toEqual({ kind: "none" });
    }
  });

  test("is unreadable for anything else", async () => {
    expect(await read("Basic dXNlcjpwYXNz")).toMatchObject({ kind: "unreadable" });
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        const reading = await read(`bearer x${text}`);
        expect(reading.kind).toBe("unreadable");
        expect(issuedAtOf(reading)).toBeUndefined();
      }),
    );
  });

  test("leaves only its header and claims behind", async () => {
    const token = await signProviderToken(CREDENTIALS, ISSUED_S);
    const left = redactedAuthorization(await read(`bearer ${token}`));
    expect(JSON.parse(left)).toEqual({
      alg: "ES256",
      kid: CREDENTIALS.keyId,
      iss: CREDENTIALS.teamId,
      iat: ISSUED_S,
    });
    for (const part of token.split(".")) expect(left).not.toContain(part);
  });

  test("has no issuing time where iat is not a number", async () => {
    const reading = await read(`bearer ${await signProviderToken(CREDENTIALS, `${ISSUED_S}000`)}`);
    expect(reading).toMatchObject({ kind: "read", signature: "good" });
    expect(issuedAtOf(reading)).toBeUndefined();
  });
});
