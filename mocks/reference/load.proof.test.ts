import { expect, test } from "vitest";
import type { ServerName } from "./faults.ts";
import { placeCall, register, respond, SDP } from "./testing/phone-and-caller.ts";
import { openReferenceWorld } from "./testing/reference-world.ts";

test.each<ServerName>(["holding-proxy", "parallel-proxy", "b2bua"])("%s serves 300 calls at once", async (name) => {
  const world = await openReferenceWorld(name, "none", undefined, 10_000);
  const one = async (number: number): Promise<string> => {
    const user = `bob${number}`;
    const token = `${number}`.padStart(8, "a");
    const old = await world.endpoint("udp");
    await register(old, user, { token });
    const caller = await world.endpoint("udp");
    const call = placeCall(caller, user, `alice${number}`);
    await caller.next("100 INVITE");
    const phone = await world.endpoint("udp");
    await register(phone, user, { token });
    const invite = await phone.next("INVITE");
    respond(phone, invite, 180, "p1");
    await caller.next("180 INVITE");
    respond(phone, invite, 200, "p1", SDP);
    const answer = await caller.next("200 INVITE");
    call.inDialog("ACK", answer);
    await phone.next("ACK");
    call.inDialog("BYE", answer);
    respond(phone, await phone.next("BYE"), 200, "p1");
    return (await caller.next("200 BYE")).what;
  };
  const ends = await Promise.all(Array.from({ length: 300 }, (_, number) => one(number)));
  expect(ends.filter((end) => end === "200")).toHaveLength(300);
  expect(world.apns.pushes.length).toBeLessThanOrEqual(300);
  await world.close();
});
