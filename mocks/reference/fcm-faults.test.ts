import { describe, expect, test } from "vitest";
import { type FaultName, faults, type FcmFaultName, type ServerName } from "./faults.ts";
import type { ReceivedMessage } from "./testing/fake-fcm.ts";
import { FCM_TOKEN, placeCall, register } from "./testing/phone-and-caller.ts";
import type { RawEndpoint } from "./testing/raw-endpoint.ts";
import { openReferenceWorld, type ReferenceWorld } from "./testing/reference-world.ts";

interface Scene {
  readonly world: ReferenceWorld;
  readonly caller: RawEndpoint;
  /** Places a call to the sleeping Android phone; the message for it. */
  pushed(): Promise<ReceivedMessage>;
}

async function scene(world: ReferenceWorld): Promise<Scene> {
  const caller = await world.endpoint("udp");
  await register(await world.endpoint("udp"), "bob", { token: FCM_TOKEN });
  return {
    world,
    caller,
    pushed: () => {
      const next = world.fcm.messages.length + 1;
      placeCall(caller, "bob");
      return world.fcm.message(next);
    },
  };
}

/** What each fault looks like from outside. */
const shows: Readonly<Record<FcmFaultName, (scene: Scene) => Promise<void>>> = {
  "fcm-legacy-endpoint": async (s) => {
    const { path, headers, payload } = await s.pushed();
    expect(path).toBe("/fcm/send");
    expect(headers.authorization).toMatch(/^key=/);
    expect(payload).toMatchObject({ to: FCM_TOKEN, time_to_live: 20, data: { handle: "alice" } });
  },
  "fcm-wrong-project": async (s) => expect((await s.pushed()).path).toBe("/v1/projects/another-project/messages:send"),
  "fcm-unknown-access-token": async (s) => {
    expect((await s.pushed()).headers.authorization).toMatch(/^Bearer ya29\./);
    expect(s.world.fcm.assertions).toEqual([]);
  },
  "fcm-assertion-two-hours": async (s) => {
    await s.pushed();
    expect(s.world.fcm.assertions.map(({ iat = 0, exp = 0 }) => exp - iat)).toEqual([7200, 3600]);
  },
  "fcm-token-per-push": async (s) => {
    const first = (await s.pushed()).headers.authorization;
    expect((await s.pushed()).headers.authorization).not.toBe(first);
  },
  "fcm-connection-per-push": async (s) => {
    const first = (await s.pushed()).connection;
    expect((await s.pushed()).connection).not.toBe(first);
  },
  "fcm-body-not-json": async (s) => expect((await s.pushed()).text).toMatch(/^token=/),
  "fcm-unknown-field": async (s) => expect((await s.pushed()).message).toHaveProperty("time_to_live", 20),
  "fcm-token-and-topic": async (s) =>
    expect((await s.pushed()).message).toMatchObject({ token: FCM_TOKEN, topic: "calls" }),
  "fcm-token-truncated": async (s) => expect((await s.pushed()).message["token"]).toBe(FCM_TOKEN.slice(0, -2)),
  "fcm-data-number": async (s) => expect((await s.pushed()).data).toMatchObject({ attempt: 1, handle: "alice" }),
  "fcm-data-reserved-key": async (s) => expect((await s.pushed()).data).toHaveProperty("from"),
  "fcm-priority-normal": async (s) =>
    expect((await s.pushed()).message["android"]).toHaveProperty("priority", "NORMAL"),
  "fcm-ttl-absent": async (s) => expect((await s.pushed()).message["android"]).toEqual({ priority: "HIGH" }),
  "fcm-payload-5-kib": async (s) => expect((await s.pushed()).text.length).toBeGreaterThan(5120),
  "fcm-notification": async (s) => expect((await s.pushed()).message).toHaveProperty("notification.title"),
  "fcm-collapse-key": async (s) => expect((await s.pushed()).message).toHaveProperty("android.collapse_key"),
  "fcm-wrong-package": async (s) =>
    expect((await s.pushed()).message).toHaveProperty("android.restricted_package_name"),
  "fcm-validate-only": async (s) => expect((await s.pushed()).payload).toHaveProperty("validate_only", true),
  "fcm-apns-block": async (s) => {
    const { message } = await s.pushed();
    expect(message).not.toHaveProperty("data");
    expect(message).toHaveProperty("apns.payload.handle", "alice");
  },
  "fcm-malformed-scheme": async (s) => {
    placeCall(s.caller, "bob");
    // A server by the book resets the stream before anybody above sees it.
    await s.caller.next("480 INVITE");
    // `:scheme` as a literal, `https:` in Huffman's code (RFC 7541 appendix B).
    expect(s.world.fcm.frames(HEADERS).map((frame) => frame.includes("46859d29ad173f", "hex"))).toEqual([true]);
  },
  "fcm-ignores-retry-after": async (s) => {
    s.world.fcm.answer({ status: 429, headers: { "retry-after": "60" } });
    const before = Date.now();
    await s.pushed();
    await s.world.fcm.message(2);
    expect(Date.now() - before).toBeLessThan(1000);
  },
  "fcm-retries-refused": async (s) => {
    s.world.fcm.answer({ status: 404, body: { error: { status: "NOT_FOUND" } } });
    const first = await s.pushed();
    expect((await s.world.fcm.message(2)).text).toBe(first.text);
  },
};

const HEADERS = 1;

interface FcmFault {
  readonly name: FcmFaultName;
  readonly server: ServerName;
}
const isFcmFault = (fault: { readonly name: FaultName; readonly server: ServerName }): fault is FcmFault =>
  fault.name.startsWith("fcm-");

describe("a named fault of pushes to Android", () => {
  test.each(faults.filter(isFcmFault))("$name breaks $server in its own way", async ({ name, server }) => {
    expect.hasAssertions();
    const world = await openReferenceWorld(server, name);
    try {
      await shows[name](await scene(world));
    } finally {
      await world.close();
    }
  });
});
