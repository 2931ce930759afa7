import { describe, expect, test } from "vitest";
import {
  alertPush,
  BUNDLE_ID,
  callPush,
  judged,
  keys,
  NOW_S,
  service,
  tokens,
  TOPIC,
  UNREGISTERED_MS,
} from "./testing/apns-push-fixture.ts";
import { signProviderToken } from "./testing/provider-token-fixture.ts";

const DAY_MS = 86_400_000;
const CALLS = service();
const ANY = service({ topic: undefined });
const deliveryOf = (headers: Readonly<Record<string, string | undefined>>) =>
  judged(ANY, alertPush({}, headers)).push.delivery;

describe("a judged push", () => {
  test("tells all of the request but the provider token", () => {
    const { push } = judged(CALLS, callPush({ path: `/3/device/${tokens.good.toUpperCase()}` }));
    expect(push).toMatchObject({ service: "apns", push: "apns-push-1", connection: "apns-1", token: tokens.good });
    const authorization = push.headers.find(([name]) => name === "authorization")?.[1] ?? "";
    expect(JSON.parse(authorization)).toMatchObject({ alg: "ES256", iss: keys.main.teamId, iat: NOW_S });
    const [, sent = ""] = callPush().headers.find(([name]) => name === "authorization") ?? [];
    for (const part of sent.replace("bearer ", "").split(".")) expect(JSON.stringify(push)).not.toContain(part);
  });

  test("keeps no secret of an authorization that it cannot read, or of the second of two", () => {
    const push = callPush({ headers: [...callPush().headers, ["authorization", "bearer secret-2"]] });
    expect(JSON.stringify(judged(CALLS, push).push)).not.toContain("secret-2");
    const unreadable = callPush({}, { authorization: "key=secret-3" });
    expect(JSON.stringify(judged(CALLS, unreadable).push)).not.toContain("secret-3");
  });

  test("names the device token also where the path is otherwise wrong", () => {
    expect(judged(CALLS, callPush({ path: `/device/${tokens.good}` })).push.token).toBe(tokens.good);
    expect(judged(CALLS, callPush({ path: "/3/device/caf%C3%A9" })).push.token).toBe("café");
    expect(judged(CALLS, callPush({ path: "/" })).push).not.toHaveProperty("token");
  });

  test("gets its own id back, and a new one in upper case where it has none or a bad one", () => {
    const idFor = (id: string | undefined, by = CALLS) =>
      judged(by, callPush({}, { "apns-id": id })).push.verdictByRules.id;
    const given = "123e4567-e89b-12d3-a456-426614174000";
    expect(idFor(given)).toBe(given);
    expect(idFor(given.toUpperCase())).toBe(given.toUpperCase());
    for (const id of [undefined, "", "call-1"]) {
      expect(idFor(id)).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    }
    const strict = service({ profile: { rejects: ["upper-case-message-id"] } });
    expect(idFor(given.toUpperCase(), strict)).not.toBe(given.toUpperCase());
  });

  test("has the time since when its token is dead with 410, and with nothing else", () => {
    const timeFor = (token: string) => judged(CALLS, callPush({ path: `/3/device/${token}` })).push.verdictByRules;
    expect(timeFor(tokens.unregistered)).toMatchObject({
      status: 410,
      reason: "Unregistered",
      timestampMs: UNREGISTERED_MS,
    });
    expect(timeFor(tokens.expired)).toMatchObject({
      status: 410,
      reason: "ExpiredToken",
      timestampMs: UNREGISTERED_MS,
    });
    expect(timeFor(tokens.unknown)).not.toHaveProperty("timestampMs");
    expect(timeFor(tokens.good)).not.toHaveProperty("timestampMs");
  });

  test("finds what the wire noted about it", () => {
    const { push } = judged(CALLS, callPush({ notes: [{ kind: "malformed-scheme", detail: "https:" }] }));
    expect(push.verdictByRules.status).toBe(200);
    expect(push.findings).toEqual([
      { rule: "apns/scheme", mismatch: "malformed-scheme", expected: ":scheme https", actual: "https:" },
    ]);
  });

  test("is delivered with its payload, and text where that is no JSON", () => {
    expect(judged(CALLS, callPush()).push.delivery).toMatchObject({ payload: { aps: {}, callId: "1" } });
    expect(judged(CALLS, callPush({ body: Buffer.from("call") })).push.delivery).toMatchObject({ payload: "call" });
  });

  test("is delivered only where it was accepted", () => {
    expect(judged(CALLS, callPush({ method: "PUT" })).push).not.toHaveProperty("delivery");
    expect(judged(CALLS, callPush({ path: "/3/device/" })).push).not.toHaveProperty("delivery");
  });

  test("is stored until it expires, for 30 days at most, and not at all with expiration 0", () => {
    const nowMs = NOW_S * 1000;
    expect(deliveryOf({ "apns-expiration": "0" })).toEqual({
      payload: { aps: {}, callId: "1" },
      stored: false,
      slot: BUNDLE_ID,
      priority: "high",
    });
    expect(deliveryOf({ "apns-expiration": `${NOW_S + 60}` })).toMatchObject({
      stored: true,
      expiresAtMs: nowMs + 60_000,
    });
    expect(deliveryOf({ "apns-expiration": `${NOW_S * 2}` })).toMatchObject({ expiresAtMs: nowMs + 30 * DAY_MS });
    expect(deliveryOf({})).toMatchObject({ stored: true, expiresAtMs: nowMs + 30 * DAY_MS });
  });

  test("has expired long ago where its expiration is a time to live", () => {
    expect(deliveryOf({ "apns-expiration": "120" })).toMatchObject({ stored: true, expiresAtMs: 120_000 });
  });

  test("has the priority it asks for, high unless given", () => {
    expect([undefined, "10", "5", "1"].map((priority) => deliveryOf({ "apns-priority": priority })?.priority)).toEqual([
      "high",
      "high",
      "normal",
      "normal",
    ]);
  });

  test("waits in a place of its topic's own, or in that of the bundle", () => {
    expect(judged(CALLS, callPush()).push.delivery?.slot).toBe(TOPIC);
    const shared = service({ profile: { topicSlot: "of-the-bundle" } });
    expect(judged(shared, callPush()).push.delivery?.slot).toBe(BUNDLE_ID);
  });

  test("reports a provider token that its connection had not carried, once", () => {
    const first = judged(CALLS, callPush());
    expect(first.newToken).toMatchObject({ issuedAtS: NOW_S, isNew: true });
    const again = judged(CALLS, callPush(), first.connection);
    expect(again).not.toHaveProperty("newToken");
    expect(again.connection).toBe(first.connection);
    const other = callPush({}, { authorization: `bearer ${signProviderToken(keys.main, NOW_S)}` });
    expect(judged(CALLS, other, first.connection).newToken).toMatchObject({ issuedAtS: NOW_S, isNew: false });
  });
});
