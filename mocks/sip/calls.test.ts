import { describe, expect, onTestFinished, test } from "vitest";
import { header } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import { sdpAnswer, sdpOffer } from "./sdp.ts";
import { bench, type BenchCaller, type BenchPhone } from "./testing/call-kit.ts";
import { loopbackProxy } from "./testing/loopback-proxy.ts";
import { ownMistakes } from "./testing/own-wire.ts";
import type { IncomingCall } from "./phone-agent.ts";
import type { SocketOptions } from "./sip-socket.ts";

type Pair = {
  readonly caller: BenchCaller;
  readonly phone: BenchPhone;
  readonly user: string;
  readonly callId: string;
};

async function stage(transport: "udp" | "tcp", options: { readonly challenge?: string } = {}) {
  const proxy = await loopbackProxy(options);
  const world = bench();
  onTestFinished(async () => {
    await world.close();
    await proxy.close();
    expect(world.faults).toEqual([]);
    expect(ownMistakes(world.wire.all)).toEqual([]);
  });
  let count = 0;
  async function pair(
    onInvite?: (call: IncomingCall) => void,
    wire: { readonly [At in "phone" | "caller"]?: Partial<SocketOptions> } = {},
  ): Promise<Pair> {
    count += 1;
    const user = `bob${count}`;
    const credentials = { username: user, password: "secret" };
    const [phoneSocket, callerSocket] = await Promise.all([
      world.open(transport, proxy[transport], wire.phone),
      world.open(transport, proxy[transport], wire.caller),
    ]);
    const phone = world.phone(user, onInvite === undefined ? { credentials } : { credentials, onInvite });
    phone.connect(phoneSocket);
    expect(await phone.register({ expiresS: 60 })).toMatchObject({ kind: "response", status: 200 });
    return { caller: world.caller(callerSocket), phone, user, callId: `call-${count}@example.test` };
  }
  const place = ({ caller, user, callId }: Pair): void =>
    caller.invite({ to: `sip:${user}@example.test`, callId, sdp: sdpOffer() });
  return { proxy, world, pair, place };
}

function pickUp(call: IncomingCall): void {
  call.ring();
  call.answer(sdpAnswer(Buffer.from(call.invite.body).toString()));
}

/** A small generator with a seed, so that a lossy run can be told again (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe.each(["udp", "tcp"] as const)("a call over %s through a proxy", (transport) => {
  test("rings, is answered and ends when the caller hangs up", async () => {
    const { pair, place } = await stage(transport);
    const call = await pair(pickUp);
    place(call);
    await call.caller.events.find((event) => event.kind === "answered");
    await call.phone.events.find((event) => event.kind === "acknowledged");
    call.caller.hangUp();
    await call.phone.events.find((event) => event.kind === "bye-received");
    expect(call.caller.events.all.map((event) => event.kind)).toEqual(["ringing", "answered"]);
  });

  test("ends when the phone hangs up, even before the ACK came", async () => {
    const { pair, place } = await stage(transport);
    const call = await pair((incoming) => {
      pickUp(incoming);
      incoming.bye();
    });
    place(call);
    expect(await call.caller.events.find((event) => event.kind === "bye-received")).toBeDefined();
  });

  test("is declined with the phone's own status", async () => {
    const { pair, place } = await stage(transport);
    const call = await pair((incoming) => void incoming.reject(486));
    place(call);
    expect(await call.caller.events.find((event) => event.kind === "rejected")).toMatchObject({ status: 486 });
  });

  test("stops ringing when the caller hangs up", async () => {
    const { pair, place } = await stage(transport);
    const call = await pair((incoming) => void incoming.ring());
    place(call);
    await call.caller.events.find((event) => event.kind === "ringing");
    call.caller.hangUp();
    expect(await call.caller.events.find((event) => event.kind === "rejected")).toMatchObject({ status: 487 });
    expect(call.phone.events.all.map((event) => event.kind)).toEqual(["cancelled"]);
  });

  test("survives the crossing of answer and CANCEL", async () => {
    const { pair, place } = await stage(transport);
    const call = await pair((incoming) => void incoming.ring());
    place(call);
    await call.caller.events.find((event) => event.kind === "ringing");
    call.phone.calls.all[0]?.answer(sdpOffer());
    call.caller.hangUp();
    await call.phone.events.find((event) => event.kind === "bye-received");
    expect(call.caller.events.all.map((event) => event.kind)).toEqual(["ringing", "answered"]);
  });

  test("keeps pn-* parameters out of everything but REGISTER", async () => {
    const { pair, place, world } = await stage(transport);
    const call = await pair(pickUp);
    await call.phone.register({ expiresS: 60, contactParams: ";pn-provider=apns;pn-prid=x" });
    place(call);
    await call.phone.events.find((event) => event.kind === "acknowledged");
    const own = world.wire.all.filter((seen) => seen.direction === "out").map((seen) => parseMessage(seen.bytes));
    const carrying = own.filter(
      (message) => message.kind !== "not-sip" && (header(message, "contact") ?? "").includes("pn-"),
    );
    expect(carrying.map((message) => message.kind === "request" && message.method)).toEqual(["REGISTER"]);
  });

  test("registers through a challenge, with both rounds on the wire", async () => {
    const { pair, world } = await stage(transport, { challenge: 'Digest realm="r", nonce="n", qop="auth"' });
    await pair();
    const starts = world.wire.all.map((seen) => Buffer.from(seen.bytes).toString().split("\r\n")[0]);
    expect(starts).toEqual([
      "REGISTER sip:example.test SIP/2.0",
      "SIP/2.0 401 Unauthorized",
      "REGISTER sip:example.test SIP/2.0",
      "SIP/2.0 200 OK",
    ]);
  });
});

test("thirty calls over UDP complete although one message in five is lost each way", { timeout: 60_000 }, async () => {
  const { pair, place } = await stage("udp");
  const lossy = (seed: number) => {
    const random = seeded(seed);
    return { filter: () => (random() < 0.2 ? ("lose" as const) : ("deliver" as const)) };
  };
  const calls = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      pair(pickUp, index % 2 === 0 ? { phone: lossy(index) } : { caller: lossy(index) }),
    ),
  );
  await Promise.all(
    calls.map(async (call) => {
      place(call);
      await call.caller.events.find((event) => event.kind === "answered", 40_000);
      await call.phone.events.find((event) => event.kind === "acknowledged", 40_000);
      call.caller.hangUp();
      await call.phone.events.find((event) => event.kind === "bye-received", 40_000);
    }),
  );
  expect(calls.flatMap((call) => call.caller.events.all.filter((event) => event.kind === "failed"))).toEqual([]);
});

test.each(["udp", "tcp"] as const)(
  "three hundred endpoints over %s call at once, and every socket is closed at the end",
  async (transport) => {
    const { pair, place, world, proxy } = await stage(transport);
    const calls = await Promise.all(Array.from({ length: 150 }, () => pair(pickUp)));
    await Promise.all(
      calls.map(async (call) => {
        place(call);
        await call.phone.events.find((event) => event.kind === "acknowledged");
        call.caller.hangUp();
        await call.phone.events.find((event) => event.kind === "bye-received");
      }),
    );
    expect(calls.every((call) => call.phone.calls.all.length === 1)).toBe(true);
    await world.close();
    await expect.poll(() => proxy.connections()).toBe(0);
  },
);

test("nothing keeps the process alive once agents are disposed and sockets closed", async () => {
  const { pair, place, world } = await stage("udp");
  const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const call = await pair(pickUp);
  place(call);
  await call.phone.events.find((event) => event.kind === "acknowledged");
  const ringing = await pair((incoming) => void incoming.reject(486), {
    caller: { filter: (_, bytes) => (Buffer.from(bytes).toString().startsWith("ACK") ? "lose" : "deliver") },
  });
  place(ringing);
  await ringing.caller.events.find((event) => event.kind === "rejected");
  await world.close();
  const after = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  expect(after).toBeLessThanOrEqual(before);
});
