import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sameToken } from "./same-token.ts";

const hexadecimal = fc.stringMatching(/^[0-9a-f]{8,160}$/);
const ofFcm = fc.stringMatching(/^[A-Za-z0-9_-]{22}:APA91b[A-Za-z0-9_-]{20,134}$/);

describe("sameToken", () => {
  test("takes a hexadecimal token in either case for the same", () => {
    fc.assert(
      fc.property(hexadecimal, (token) => {
        expect(sameToken(token.toUpperCase(), token)).toBe(true);
      }),
    );
  });

  test("reads a token of FCM letter for letter", () => {
    fc.assert(
      fc.property(ofFcm, (token) => {
        expect(sameToken(token, token)).toBe(true);
        expect(sameToken(token, token.toLowerCase())).toBe(false);
      }),
    );
  });

  test("finds no token in nothing", () => {
    expect(sameToken(undefined, undefined)).toBe(false);
    expect(sameToken("aa", undefined)).toBe(false);
  });
});
