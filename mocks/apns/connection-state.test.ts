import { describe, expect, test } from "vitest";
import { defaultApnsProfile, strictApnsProfile } from "./apns-profile.ts";
import type { ApnsProfile } from "./apns-profile.ts";
import type { ApnsService } from "./apns-service.ts";
import { afterAnswer, hasTooManyErrors, openedConnection } from "./connection-state.ts";
import type { ApnsConnectionState } from "./connection-state.ts";
import { callPush, judged, keys, NOW_S, service, tokens } from "./testing/apns-push-fixture.ts";
import { signProviderToken } from "./testing/provider-token-fixture.ts";

const CERTIFICATE = { subject: "UID=x", accepted: true, topics: ["x"], environments: ["production"] } as const;
const STRICT: ApnsProfile = { ...strictApnsProfile, errorsUntilOneStream: 2, errorsUntilGoAway: 5 };

/** Answers one after the other, as they come to a connection. */
const after = (state: ApnsConnectionState, ...answers: readonly (readonly [number, string?])[]): ApnsConnectionState =>
  answers.reduce((next, [status, reason]) => afterAnswer(next, status, reason, STRICT), state);

/** Pushes with provider tokens issued so many seconds before now, each sent that long before now. */
const sent = (by: ApnsService, ...agesS: readonly number[]) => {
  let connection = openedConnection("apns-1", by.profile);
  return agesS.map((ageS) => {
    const issuedAtS = NOW_S - ageS;
    const push = callPush({}, { authorization: `bearer ${signProviderToken(keys.main, issuedAtS)}` });
    const result = judged(by, push, connection, issuedAtS * 1000);
    ({ connection } = result);
    return result.push.verdictByRules.status;
  });
};

describe("a connection to the simulated APNs", () => {
  test("has all its streams at once when relaxed or with a certificate, and one when strict", () => {
    expect(openedConnection("a", defaultApnsProfile).streams).toBe(1000);
    expect(openedConnection("a", STRICT).streams).toBe(1);
    expect(openedConnection("a", STRICT, CERTIFICATE).streams).toBe(1000);
  });

  test("gets its streams with the first valid provider token, whatever else is wrong with the push", () => {
    const by = service({ profile: STRICT });
    const invalid = judged(by, callPush({}, { authorization: "bearer x" }));
    expect(invalid.connection.streams).toBe(1);
    const valid = judged(by, callPush({ path: `/3/device/${tokens.unknown}` }), invalid.connection);
    expect(valid.push.verdictByRules.reason).toBe("BadDeviceToken");
    expect(valid.connection).toMatchObject({ streams: 1000, boundTo: { keyId: keys.main.keyId } });
  });

  test("stays unbound and slow with a token that is too old, or of the other environment", () => {
    const by = service({ profile: STRICT });
    for (const token of [signProviderToken(keys.main, NOW_S - 3601), signProviderToken(keys.sandbox, NOW_S)]) {
      const { connection } = judged(by, callPush({}, { authorization: `bearer ${token}` }));
      expect(connection.streams).toBe(1);
      expect(connection).not.toHaveProperty("boundTo");
    }
  });

  test("loses its streams after too many rejections and has them back after an acceptance", () => {
    const open = openedConnection("a", STRICT, CERTIFICATE);
    const once = after(open, [400, "BadTopic"]);
    expect(once.streams).toBe(1000);
    const twice = after(once, [403, "Forbidden"]);
    expect(twice.streams).toBe(1);
    expect(after(twice, [200])).toMatchObject({ streams: 1000, errors: 0 });
  });

  test("forgets a rejection with an acceptance", () => {
    const open = openedConnection("a", STRICT, CERTIFICATE);
    expect(after(open, [400, "BadTopic"], [200], [400, "BadTopic"]).streams).toBe(1000);
  });

  test("does not take 410 and 5xx for errors of the sender", () => {
    const open = openedConnection("a", STRICT, CERTIFICATE);
    const later = after(
      open,
      [410, "Unregistered"],
      [410, "ExpiredToken"],
      [503, "Shutdown"],
      [500, "InternalServerError"],
    );
    expect(later).toBe(open);
  });

  test("is closed after too many rejections, sooner for bad device tokens", () => {
    const open = openedConnection("a", STRICT, CERTIFICATE);
    const rejections = (reason: string, count: number) =>
      after(open, ...Array.from({ length: count }, () => [400, reason] as const));
    expect([4, 5].map((count) => hasTooManyErrors(rejections("BadTopic", count), STRICT))).toEqual([false, true]);
    expect([2, 3].map((count) => hasTooManyErrors(rejections("BadDeviceToken", count), STRICT))).toEqual([false, true]);
    expect(hasTooManyErrors(rejections("BadTopic", 1000), defaultApnsProfile)).toBe(false);
  });

  test("takes a new provider token every 20 minutes, when strict", () => {
    const by = service({ profile: { refresh: "strict" } });
    expect(sent(by, 3600, 2400, 1200, 0)).toEqual([200, 200, 200, 200]);
    expect(sent(by, 1199, 0)).toEqual([200, 429]);
  });

  test("goes on refusing a provider token that came too soon, and takes the one before", () => {
    const by = service({ profile: { refresh: "strict" } });
    const [old, fresh] = [60, 0].map((ageS) =>
      callPush({}, { authorization: `bearer ${signProviderToken(keys.main, NOW_S - ageS)}` }),
    );
    let connection = openedConnection("apns-1", by.profile);
    const statuses = [old, fresh, fresh, old].map((push) => {
      const result = judged(by, push ?? callPush(), connection);
      ({ connection } = result);
      return result.push.verdictByRules.status;
    });
    expect(statuses).toEqual([200, 429, 429, 200]);
  });

  test("does not take the same claims signed again for a new provider token, unless texts count", () => {
    for (const [refreshCountedBy, statuses] of [
      ["iat", [200, 200]],
      ["text", [200, 429]],
    ] as const) {
      expect(sent(service({ profile: { refresh: "strict", refreshCountedBy } }), 0, 0)).toEqual(statuses);
    }
  });

  test("takes a provider token early where the one before was nearly an hour old when the connection opened", () => {
    const by = service({ profile: { refresh: "strict" } });
    const old = callPush({}, { authorization: `bearer ${signProviderToken(keys.main, NOW_S - 3500)}` });
    const { connection } = judged(by, old);
    expect(judged(by, callPush(), connection, (NOW_S + 60) * 1000).push.verdictByRules.status).toBe(200);
  });

  test("does not count a provider token that is invalid", () => {
    const by = service({ profile: { refresh: "strict" } });
    const { connection } = judged(by, callPush({}, { authorization: "bearer x" }));
    expect(judged(by, callPush(), connection).push.verdictByRules.status).toBe(200);
  });

  test("remembers no more than 64 provider tokens", () => {
    const by = service();
    let connection = openedConnection("apns-1", by.profile);
    for (let count = 0; count < 200; count++) {
      ({ connection } = judged(by, callPush({}, { authorization: `bearer x${count}` }), connection));
    }
    expect(connection.providerTokens).toHaveLength(64);
  });
});
