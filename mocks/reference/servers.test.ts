import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ServerName } from "./faults.ts";
import { phoneBye, placeCall, register, respond, SDP } from "./testing/phone-and-caller.ts";
import type { RawEndpoint } from "./testing/raw-endpoint.ts";
import { HOLD_MS, openReferenceWorld, type ReferenceWorld } from "./testing/reference-world.ts";

const everywhere = (["holding-proxy", "parallel-proxy", "b2bua"] as const).flatMap((name) =>
  (["udp", "tcp"] as const).map((transport) => ({ name, transport })),
);

describe.each(everywhere)(
  "$name over $transport",
  ({ name, transport }: { name: ServerName; transport: "udp" | "tcp" }) => {
    let world: ReferenceWorld;
    let caller: RawEndpoint;

    beforeEach(async () => {
      world = await openReferenceWorld(name);
      caller = await world.endpoint(transport);
    });
    afterEach(() => world.close());

    /** A phone that registered with its token and went to sleep: its socket is closed. */
    async function asleep(user: string, token: string): Promise<void> {
      const socket = await world.endpoint(transport);
      await register(socket, user, { token });
      socket.close();
      // A REGISTER of somebody else, answered: by now the server has seen the connection go.
      await register(await world.endpoint(transport), "nobody");
    }
    /** The phone woke up: it registers over a new socket. */
    async function awake(user: string, token: string): Promise<RawEndpoint> {
      const socket = await world.endpoint(transport);
      await register(socket, user, { token });
      return socket;
    }

    test("wakes a sleeping phone and carries the call to its end by the phone's BYE", async () => {
      await asleep("bob", "aa11");
      const call = placeCall(caller, "bob");
      await caller.next("100 INVITE");
      const push = await world.apns.push(1);
      expect(push.token).toBe("aa11");
      expect(push.payload).toMatchObject({ handle: "alice", callerName: 'Alice "A"', hasVideo: false });
      const phone = await awake("bob", "aa11");
      const invite = await phone.next("INVITE");
      expect(push.payload["callId"]).toBe(invite.get("Call-ID"));
      expect(invite.get("Call-ID") === call.callId).toBe(name !== "b2bua");
      expect(invite.get("From")).toContain('"Alice \\"A\\"" <sip:alice@example.test>');
      expect(invite.body).toBe(SDP);
      respond(phone, invite, 180, "p1");
      await caller.next("180 INVITE");
      respond(phone, invite, 200, "p1", SDP);
      const answer = await caller.next("200 INVITE");
      expect(answer.body).toBe(SDP);
      call.inDialog("ACK", answer);
      await phone.next("ACK");
      phoneBye(phone, invite, "p1");
      respond(caller, await caller.next("BYE"), 200, "c");
      await phone.next("200 BYE");
      expect(world.apns.pushes).toHaveLength(1);
      expect(phone.heard.filter((one) => one.what === "INVITE")).toHaveLength(1);
    });

    test("carries the caller's BYE to the phone", async () => {
      const phone = await world.endpoint(transport);
      await register(phone, "bob");
      const call = placeCall(caller, "bob");
      const invite = await phone.next("INVITE");
      respond(phone, invite, 200, "p1", SDP);
      const answer = await caller.next("200 INVITE");
      call.inDialog("ACK", answer);
      await phone.next("ACK");
      call.inDialog("BYE", answer);
      const bye = await phone.next("BYE");
      expect(bye.get("Call-ID")).toBe(invite.get("Call-ID"));
      respond(phone, bye, 200, "p1");
      await caller.next("200 BYE");
    });

    test("answers CANCEL while nobody is awake, and the phone that wakes later hears nothing", async () => {
      await asleep("bob", "aa11");
      const call = placeCall(caller, "bob");
      await world.apns.push(1);
      call.cancel();
      await caller.next("200 CANCEL");
      const final = await caller.next("487 INVITE");
      expect(final.get("To")).toMatch(/;tag=/);
      call.acknowledge(final);
      const phone = await awake("bob", "aa11");
      await register(phone, "carol");
      expect(phone.has("INVITE")).toBe(false);
      expect(world.apns.pushes).toHaveLength(1);
    });

    test("carries CANCEL to a ringing phone on the branch of its INVITE", async () => {
      await asleep("bob", "aa11");
      const call = placeCall(caller, "bob");
      await world.apns.push(1);
      const phone = await awake("bob", "aa11");
      const invite = await phone.next("INVITE");
      respond(phone, invite, 180, "p1");
      await caller.next("180 INVITE");
      call.cancel();
      await caller.next("200 CANCEL");
      const cancel = await phone.next("CANCEL");
      expect(cancel.get("Via")).toBe(invite.get("Via"));
      expect(cancel.get("Call-ID")).toBe(invite.get("Call-ID"));
      respond(phone, cancel, 200, "p1");
      respond(phone, invite, 487, "p1");
      await phone.next("ACK");
      call.acknowledge(await caller.next("487 INVITE"));
    });

    test("holds CANCEL back until the phone has answered its INVITE with anything", async () => {
      await asleep("bob", "aa11");
      const call = placeCall(caller, "bob");
      await world.apns.push(1);
      const phone = await awake("bob", "aa11");
      const invite = await phone.next("INVITE");
      call.cancel();
      await caller.next("200 CANCEL");
      expect(phone.has("CANCEL")).toBe(false);
      respond(phone, invite, 180, "p1");
      await phone.next("CANCEL");
      respond(phone, invite, 487, "p1");
      call.acknowledge(await caller.next("487 INVITE"));
      expect(caller.has("180 INVITE")).toBe(false);
    });

    test("lets a phone's answer that crossed the CANCEL through", async () => {
      await asleep("bob", "aa11");
      const call = placeCall(caller, "bob");
      await world.apns.push(1);
      const phone = await awake("bob", "aa11");
      const invite = await phone.next("INVITE");
      respond(phone, invite, 180, "p1");
      await caller.next("180 INVITE");
      call.cancel();
      await phone.next("CANCEL");
      respond(phone, invite, 200, "p1", SDP);
      const answer = await caller.next("200 INVITE");
      call.inDialog("ACK", answer);
      await phone.next("ACK");
      call.inDialog("BYE", answer);
      await phone.next("BYE");
      expect(caller.has("487 INVITE")).toBe(false);
    });

    test("gives the caller the status the phone declined with", async () => {
      await asleep("bob", "aa11");
      const call = placeCall(caller, "bob");
      await world.apns.push(1);
      const phone = await awake("bob", "aa11");
      const invite = await phone.next("INVITE");
      respond(phone, invite, 486, "p1");
      await phone.next("ACK");
      const final = await caller.next("486 INVITE");
      call.acknowledge(final);
      expect(final.get("Call-ID")).toBe(call.callId);
    });

    test("takes back the call from every other phone once one answered", async () => {
      const [first, second] = [await world.endpoint(transport), await world.endpoint(transport)];
      await register(first, "bob");
      await register(second, "bob");
      const call = placeCall(caller, "bob");
      const invites = [await first.next("INVITE"), await second.next("INVITE")] as const;
      respond(first, invites[0], 180, "p1");
      respond(second, invites[1], 180, "p2");
      await caller.next("180 INVITE");
      await caller.next("180 INVITE");
      respond(second, invites[1], 200, "p2", SDP);
      call.inDialog("ACK", await caller.next("200 INVITE"));
      const cancel = await first.next("CANCEL");
      expect(cancel.get("Reason")).toContain("cause=200");
      respond(first, cancel, 200, "p1");
      respond(first, invites[0], 487, "p1");
      await first.next("ACK");
      await second.next("ACK");
      expect(second.has("CANCEL")).toBe(false);
    });

    test("rings a phone that registers while another one rings", async () => {
      const first = await world.endpoint(transport);
      await register(first, "bob");
      await asleep("bob", "bb22");
      placeCall(caller, "bob");
      respond(first, await first.next("INVITE"), 180, "p1");
      await caller.next("180 INVITE");
      expect((await world.apns.push(1)).token).toBe("bb22");
      const second = await awake("bob", "bb22");
      respond(second, await second.next("INVITE"), 180, "p2");
      await caller.next("180 INVITE");
      expect(first.has("CANCEL")).toBe(false);
    });

    test("serves two calls to one sleeping account by one registration", async () => {
      await asleep("bob", "aa11");
      const one = placeCall(caller, "bob", "alice");
      const two = placeCall(caller, "bob", "carol");
      const pushes = [await world.apns.push(1), await world.apns.push(2)];
      expect(pushes.map((push) => String(push.payload["handle"])).toSorted()).toEqual(["alice", "carol"]);
      const phone = await awake("bob", "aa11");
      const invites = [await phone.next("INVITE"), await phone.next("INVITE")];
      expect(invites.map((invite) => invite.get("Call-ID")).toSorted()).toEqual(
        pushes.map((push) => String(push.payload["callId"])).toSorted(),
      );
      const callers = [one.callId, two.callId].toSorted();
      expect(invites.some((invite) => callers.includes(invite.get("Call-ID")))).toBe(name !== "b2bua");
    });

    test("tells the caller after the hold time that nobody woke up", async () => {
      await asleep("bob", "aa11");
      const before = Date.now();
      const call = placeCall(caller, "bob");
      call.acknowledge(await caller.next("480 INVITE"));
      expect(Date.now() - before).toBeGreaterThanOrEqual(HOLD_MS - 50);
    });

    test.each([
      { what: "answered 500", status: 500, body: { reason: "InternalServerError" } },
      { what: "answered 429", status: 429, body: { reason: "TooManyRequests" } },
      { what: "reset", status: 0, body: {} },
    ])("tells the caller when the push is $what, and does not push again", async ({ status, body }) => {
      await asleep("bob", "aa11");
      world.apns.answer(status, body);
      const before = Date.now();
      const call = placeCall(caller, "bob");
      call.acknowledge(await caller.next("480 INVITE"));
      // The old UDP contact is called as well by the parallel proxy: it has as long as a sleeping phone.
      const limitMs = name === "parallel-proxy" && transport === "udp" ? 2 * HOLD_MS : HOLD_MS - 50;
      expect(Date.now() - before).toBeLessThan(limitMs);
      expect(world.apns.pushes).toHaveLength(1);
    });

    test("drops a token that APNs reports dead since after its registration, and keeps it otherwise", async () => {
      await asleep("bob", "aa11");
      world.apns.answer(410, { reason: "Unregistered", timestamp: Date.now() - 60_000 });
      const first = placeCall(caller, "bob");
      first.acknowledge(await caller.next("480 INVITE"));
      world.apns.answer(410, { reason: "Unregistered", timestamp: Date.now() + 60_000 });
      const second = placeCall(caller, "bob");
      second.acknowledge(await caller.next("480 INVITE"));
      expect(world.apns.pushes).toHaveLength(2);
      const third = placeCall(caller, "bob");
      third.acknowledge(await caller.next("480 INVITE"));
      expect(world.apns.pushes).toHaveLength(2);
    });

    test("pushes to the newest token only, and to none after a log-out", async () => {
      const phone = await world.endpoint(transport);
      const contact = (token: string): string =>
        `<sip:bob@${phone.address};transport=${transport};pn-provider=apns;pn-param=x;pn-prid=${token}>`;
      await register(phone, "bob", { contact: contact("aa11"), callId: "same", cseq: 1 });
      await register(phone, "bob", { contact: contact("bb22"), callId: "same", cseq: 2 });
      phone.close();
      await register(await world.endpoint(transport), "nobody");
      const call = placeCall(caller, "bob");
      expect((await world.apns.push(1)).token).toBe("bb22");
      call.acknowledge(await caller.next("480 INVITE"));
      const again = await world.endpoint(transport);
      await register(again, "bob", { contact: contact("").replace(/;pn-prid=/, ""), expires: 0 });
      const later = placeCall(caller, "bob");
      later.acknowledge(await caller.next("480 INVITE"));
      expect(world.apns.pushes).toHaveLength(1);
    });

    test("takes a repeated INVITE for what it is", async () => {
      await asleep("bob", "aa11");
      const call = placeCall(caller, "bob");
      caller.send(call.invite);
      await world.apns.push(1);
      caller.send(call.invite);
      const phone = await awake("bob", "aa11");
      const invite = await phone.next("INVITE");
      respond(phone, invite, 486, "p1");
      await caller.next("486 INVITE");
      expect(phone.heard.filter((one) => one.what === "INVITE")).toHaveLength(1);
      expect(world.apns.pushes).toHaveLength(1);
    });
  },
);

test("a phone whose connection is up gets its INVITE over it without a push", async () => {
  const world = await openReferenceWorld("holding-proxy");
  const phone = await world.endpoint("tcp");
  await register(phone, "bob", { token: "aa11" });
  const caller = await world.endpoint("tcp");
  placeCall(caller, "bob");
  const invite = await phone.next("INVITE");
  respond(phone, invite, 486, "p1");
  await caller.next("486 INVITE");
  expect(world.apns.pushes).toHaveLength(0);
  await world.close();
});

test("a phone whose connection breaks while it rings is woken and called again", async () => {
  const world = await openReferenceWorld("holding-proxy");
  const phone = await world.endpoint("tcp");
  await register(phone, "bob", { token: "aa11" });
  const caller = await world.endpoint("tcp");
  placeCall(caller, "bob");
  respond(phone, await phone.next("INVITE"), 180, "p1");
  await caller.next("180 INVITE");
  phone.close();
  await world.apns.push(1);
  const again = await world.endpoint("tcp");
  await register(again, "bob", { token: "aa11" });
  respond(again, await again.next("INVITE"), 603, "p1");
  await caller.next("603 INVITE");
  expect(world.apns.pushes).toHaveLength(1);
  await world.close();
});

test("the parallel proxy calls the old contact at once and moves to the one that wakes up", async () => {
  const world = await openReferenceWorld("parallel-proxy");
  const old = await world.endpoint("udp");
  await register(old, "bob", { token: "aa11" });
  const caller = await world.endpoint("udp");
  const call = placeCall(caller, "bob");
  const early = await old.next("INVITE");
  respond(old, early, 180, "p1");
  await caller.next("180 INVITE");
  await world.apns.push(1);
  const phone = await world.endpoint("udp");
  await register(phone, "bob", { token: "aa11" });
  const cancel = await old.next("CANCEL");
  respond(old, cancel, 200, "p1");
  respond(old, early, 487, "p1");
  const late = await phone.next("INVITE");
  expect(late.get("Call-ID")).toBe(early.get("Call-ID"));
  expect(late.get("Via")).not.toBe(early.get("Via"));
  respond(phone, late, 200, "p2", SDP);
  call.inDialog("ACK", await caller.next("200 INVITE"));
  await phone.next("ACK");
  await world.close();
});

test("the parallel proxy keeps the call when the old contact is dead and the phone still wakes", async () => {
  const world = await openReferenceWorld("parallel-proxy");
  const old = await world.endpoint("udp");
  await register(old, "bob", { token: "aa11" });
  const caller = await world.endpoint("udp");
  placeCall(caller, "bob");
  respond(old, await old.next("INVITE"), 503, "p1");
  await old.next("ACK");
  await world.apns.push(1);
  const phone = await world.endpoint("udp");
  await register(phone, "bob", { token: "aa11" });
  respond(phone, await phone.next("INVITE"), 200, "p2", SDP);
  await caller.next("200 INVITE");
  expect(caller.heard.filter((one) => /^[3-6]/.test(one.what))).toEqual([]);
  await world.close();
});

test("the holding proxy repeats what the profile's header ties to the push", async () => {
  const world = await openReferenceWorld("holding-proxy", "none", {
    payload: { hint: "/aps/pushHint", callerName: "/aps/callerName" },
    correlation: { sip: "X-PushHint" },
    registration: { header: { name: "X-Token", value: "<token>" } },
    tokenLifetime: "until-unregistered",
  });
  const phone = await world.endpoint("udp");
  phone.send(
    `REGISTER sip:example.test SIP/2.0\r\nVia: SIP/2.0/UDP ${phone.address};branch=z9hG4bKh;rport\r\nFrom: <sip:bob@example.test>;tag=1\r\nTo: <sip:bob@example.test>\r\nCall-ID: h\r\nCSeq: 1 REGISTER\r\nContact: <sip:bob@${phone.address}>\r\nX-Token: cc33\r\nContent-Length: 0\r\n\r\n`,
  );
  const registered = await phone.next("200 REGISTER");
  expect(registered.get("Feature-Caps")).toBe("");
  placeCall(await world.endpoint("udp"), "bob");
  const push = await world.apns.push(1);
  expect(push.token).toBe("cc33");
  const hint = (push.payload["aps"] as Record<string, unknown>)["pushHint"];
  phone.send(
    `REGISTER sip:example.test SIP/2.0\r\nVia: SIP/2.0/UDP ${phone.address};branch=z9hG4bKi;rport\r\nFrom: <sip:bob@example.test>;tag=1\r\nTo: <sip:bob@example.test>\r\nCall-ID: h\r\nCSeq: 2 REGISTER\r\nContact: <sip:bob@${phone.address}>\r\nX-Token: cc33\r\nContent-Length: 0\r\n\r\n`,
  );
  const invite = await phone.next("INVITE");
  expect(invite.get("X-PushHint")).toBe(hint);
  await world.close();
});
