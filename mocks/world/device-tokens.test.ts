import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rfc8599 } from "../../scenarios/profiles/rfc8599.ts";
import { isRegistrationToken } from "../fcm/registration-token.ts";
import { deviceToken } from "./device-tokens.ts";
import { contactParamsOf } from "./registration-fields.ts";

test("a token has the form of its push service", () => {
  expect(deviceToken("ios", "a")).toMatch(/^[0-9a-f]{64}$/);
  expect(isRegistrationToken(deviceToken("android", "a"))).toBe(true);
});

test("tokens are told apart by their seed alone, and need no escaping in a Contact", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const token = deviceToken("android", a);
      expect(deviceToken("android", b) === token).toBe(a === b);
      const params = contactParamsOf(rfc8599, { provider: "fcm", param: "some-project" }, token);
      expect(params).toBe(`;pn-provider=fcm;pn-param=some-project;pn-prid=${token}`);
    }),
    { numRuns: 30 },
  );
});
