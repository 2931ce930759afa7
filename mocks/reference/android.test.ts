import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ServerName } from "./faults.ts";
import { FCM_TOKEN, placeCall, register, respond, SDP } from "./testing/phone-and-caller.ts";
import type { RawEndpoint } from "./testing/raw-endpoint.ts";
import { HOLD_MS, openReferenceWorld, type ReferenceWorld } from "./testing/reference-world.ts";

describe.each<ServerName>(["holding-proxy", "parallel-proxy", "b2bua"])("%s and an Android phone", (name) => {
  let world: ReferenceWorld;
  let caller: RawEndpoint;
  beforeEach(async () => {
    world = await openReferenceWorld(name);
    caller = await world.endpoint("tcp");
  });
  afterEach(() => world.close());

  /** Registered over a connection that is gone. */
  const asleep = async (token: string): Promise<void> => {
    const phone = await world.endpoint("tcp");
    await register(phone, "bob", { token });
    phone.close();
    await register(caller, "nobody");
  };

  test("a call wakes it through FCM, and rings", async () => {
    const phone = await world.endpoint("tcp");
    const registered = await register(phone, "bob", { token: FCM_TOKEN });
    expect(registered.get("Feature-Caps")).toBe('*;+sip.pns="fcm"');
    phone.close();
    placeCall(caller, "bob");
    const { message, data } = await world.fcm.message(1);
    expect(message).toMatchObject({ token: FCM_TOKEN, android: { priority: "HIGH", ttl: "20s" } });
    expect(data).toMatchObject({ handle: "alice", callerName: 'Alice "A"', hasVideo: "false" });
    const awake = await world.endpoint("tcp");
    await register(awake, "bob", { token: FCM_TOKEN });
    const invite = await awake.next("INVITE");
    expect(invite.get("Call-ID")).toBe(data["callId"]);
    respond(awake, invite, 200, "p1", SDP);
    await caller.next("200 INVITE");
    expect(world.apns.pushes).toEqual([]);
  });

  test("an iPhone of the same account is pushed by APNs", async () => {
    await asleep(FCM_TOKEN);
    await asleep("aa11");
    placeCall(caller, "bob");
    expect((await world.fcm.message(1)).message["token"]).toBe(FCM_TOKEN);
    expect((await world.apns.push(1)).token).toBe("aa11");
  });

  test("a token FCM calls unregistered is not pushed again", async () => {
    await asleep(FCM_TOKEN);
    world.fcm.answer({
      status: 404,
      body: { error: { status: "NOT_FOUND", message: "Requested entity was not found." } },
    });
    for (let calls = 0; calls < 2; calls += 1) {
      const call = placeCall(caller, "bob");
      call.acknowledge(await caller.next("480 INVITE"));
    }
    expect(world.fcm.messages).toHaveLength(1);
  });

  test("a push refused for a moment is sent again when FCM says, and the call goes on", async () => {
    await asleep(FCM_TOKEN);
    world.fcm.answer({ status: 429, headers: { "retry-after": "0" } }, { status: 200 });
    placeCall(caller, "bob");
    await world.fcm.message(2);
    const awake = await world.endpoint("tcp");
    await register(awake, "bob", { token: FCM_TOKEN });
    respond(awake, await awake.next("INVITE"), 200, "p1", SDP);
    expect((await caller.next("200 INVITE")).body).toBe(SDP);
  });

  test("a push refused for longer than the call can wait ends the call at once", async () => {
    await asleep(FCM_TOKEN);
    world.fcm.answer({ status: 503, headers: { "retry-after": "60" } });
    const before = Date.now();
    const call = placeCall(caller, "bob");
    call.acknowledge(await caller.next("480 INVITE"));
    expect(Date.now() - before).toBeLessThan(HOLD_MS - 50);
    expect(world.fcm.messages).toHaveLength(1);
  });
});
