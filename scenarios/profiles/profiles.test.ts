import { describe, expect, test } from "vitest";
import { UsageError } from "../../harness/errors.ts";
import { profiles, resolveProfile } from "./index.ts";
import { headerToken } from "./header-token.ts";
import { rfc8599 } from "./rfc8599.ts";

describe("resolveProfile", () => {
  test("finds every profile by its id", () => {
    for (const profile of profiles) expect(resolveProfile(profile.id)).toBe(profile);
  });

  test("names the known profiles when the id is none of them", () => {
    const act = () => resolveProfile("rfc8598");
    expect(act).toThrow(UsageError);
    expect(act).toThrow('profile: there is no profile "rfc8598"; known are rfc8599, header-token');
    expect(() => resolveProfile({ extends: "nobody" })).toThrow(UsageError);
  });

  test("changes only the pointers it is given", () => {
    const changed = resolveProfile({ extends: "rfc8599", payload: { callId: "/sip/id" } });
    expect(changed.payload).toEqual({ ...rfc8599.payload, callId: "/sip/id" });
    expect({ ...changed, payload: rfc8599.payload }).toEqual(rfc8599);
  });

  test("takes away what is given as undefined, and leaves the profile it extends alone", () => {
    const changed = resolveProfile({ extends: "rfc8599", payload: { callUUID: undefined }, limits: { fcmTtlMaxS: 5 } });
    expect("callUUID" in changed.payload).toBe(false);
    expect(changed.limits).toEqual({ apnsExpirationMaxS: 60, fcmTtlMaxS: 5 });
    expect(rfc8599.payload.callUUID).toBe("/callUUID");
  });

  test("replaces the header that carries the token as a whole, and may name the profile anew", () => {
    const changed = resolveProfile({
      extends: "header-token",
      id: "acme",
      registration: { header: { name: "X-Push", value: "apns:<token>" } },
      cancelByPush: { pointer: "/type", value: "cancel" },
    });
    expect(changed).toEqual({
      ...headerToken,
      id: "acme",
      registration: { header: { name: "X-Push", value: "apns:<token>" } },
      cancelByPush: { pointer: "/type", value: "cancel" },
    });
  });
});

test.each(profiles)("$id carries the token in its registration and allows a bounded life of a push", (profile) => {
  expect(JSON.stringify(profile.registration)).toContain("<token>");
  expect(profile.limits.apnsExpirationMaxS).toBeGreaterThan(0);
});
