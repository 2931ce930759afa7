import { describe, expect, test } from "vitest";
import { type FaultName, faults, type FcmFaultName, findFault, type ServerName } from "./faults.ts";
import { phoneBye, type PlacedCall, placeCall, register, respond, SDP } from "./testing/phone-and-caller.ts";
import type { RawEndpoint, RawMessage } from "./testing/raw-endpoint.ts";
import { openReferenceWorld, type ReferenceWorld } from "./testing/reference-world.ts";

/** A call to a phone that sleeps (silent UDP socket `old`), brought as far as a test wants it. */
interface Scene {
  readonly world: ReferenceWorld;
  readonly caller: RawEndpoint;
  readonly old: RawEndpoint;
  readonly phone: RawEndpoint;
  call: PlacedCall;
  /** All the server said on its own account is on the sockets once this resolves. */
  settled(): Promise<void>;
  /** Places the call; the push for it. */
  pushed(): ReturnType<ReferenceWorld["apns"]["push"]>;
  /** ... and the phone wakes and registers; its INVITE. */
  woken(): Promise<RawMessage>;
  /** ... and rings; its INVITE. */
  ringing(): Promise<RawMessage>;
  /** ... and answers; the 200 as the caller got it. */
  answered(): Promise<{ readonly invite: RawMessage; readonly answer: RawMessage }>;
}

async function scene(world: ReferenceWorld, transport: "udp" | "tcp" = "udp"): Promise<Scene> {
  const [caller, old, phone] = [
    await world.endpoint("udp"),
    await world.endpoint("udp"),
    await world.endpoint(transport),
  ];
  await register(old, "bob", { token: "aa11", callId: "bob" });
  let pushes = 0;
  const made: Scene = {
    world,
    caller,
    old,
    phone,
    call: placeholder,
    settled: async () => {
      for (let round = 0; round < 3; round += 1) await register(caller, "nobody");
    },
    pushed: () => {
      made.call = placeCall(caller, "bob");
      pushes += 1;
      return world.apns.push(pushes);
    },
    woken: async () => {
      await made.pushed();
      await register(phone, "bob", { token: "aa11", callId: "bob", cseq: 2 });
      return phone.next("INVITE");
    },
    ringing: async () => {
      const invite = await made.woken();
      respond(phone, invite, 180, "p1");
      await caller.next("180 INVITE");
      return invite;
    },
    answered: async () => {
      const invite = await made.ringing();
      respond(phone, invite, 200, "p1", SDP);
      const answer = await caller.next("200 INVITE");
      made.call.inDialog("ACK", answer);
      return { invite, answer };
    },
  };
  return made;
}

const placeholder: PlacedCall = {
  callId: "",
  invite: "",
  cancel: () => undefined,
  inDialog: () => undefined,
  acknowledge: () => undefined,
};

/** Those of pushes to Android have a test of their own. */
type Name = Exclude<FaultName, FcmFaultName>;
const isOwn = (fault: { readonly name: FaultName; readonly server: ServerName }): fault is OwnFault =>
  !fault.name.startsWith("fcm-");
interface OwnFault {
  readonly name: Name;
  readonly server: ServerName;
}

/** What each fault looks like from outside. */
const shows: Readonly<Record<Name, (scene: Scene) => Promise<void>>> = {
  "push-with-put": async (s) => expect((await s.pushed()).headers[":method"]).toBe("PUT"),
  "apns-malformed-scheme": async (s) => {
    placeCall(s.caller, "bob");
    // A server by the book resets the stream before anybody above sees it.
    await s.caller.next("480 INVITE");
    expect(s.world.apns.frames(HEADERS).map((frame) => frame.includes("46859d29ad173f", "hex"))).toEqual([true]);
  },
  "path-without-version": async (s) => expect((await s.pushed()).headers[":path"]).toBe("/device/aa11"),
  "token-truncated": async (s) => expect((await s.pushed()).token).toBe("aa"),
  "jwt-wrong-key": async (s) => expect((await s.pushed()).headers.authorization).toMatch(/^bearer ey/),
  "jwt-stale": async (s) => expect(claims(await s.pushed()).iat).toBeLessThan(Date.now() / 1000 - 3700),
  "jwt-per-push": async (s) => {
    const first = claims(await s.pushed()).iat;
    expect(claims(await s.pushed()).iat).not.toBe(first);
  },
  "topic-without-voip": async (s) => expect((await s.pushed()).headers["apns-topic"]).toBe("com.example.phone"),
  "push-type-alert": async (s) => expect((await s.pushed()).headers["apns-push-type"]).toBe("alert"),
  "priority-5": async (s) => expect((await s.pushed()).headers["apns-priority"]).toBe("5"),
  "expiration-one-day": async (s) =>
    expect(Number((await s.pushed()).headers["apns-expiration"])).toBeGreaterThan(Date.now() / 1000 + 80_000),
  "apns-id-malformed": async (s) => expect((await s.pushed()).headers["apns-id"]).not.toContain("-"),
  "collapse-id-long": async (s) => expect((await s.pushed()).headers["apns-collapse-id"]).toHaveLength(65),
  "duplicate-topic-header": async (s) =>
    expect((await s.pushed()).headers["apns-topic"]).toBe("com.example.phone.voip, com.example.phone.voip"),
  "payload-not-json": async (s) => expect((await s.pushed()).text).toMatch(/^callId=/),
  "payload-6-kib": async (s) => expect((await s.pushed()).text.length).toBeGreaterThan(5120),
  "connection-per-push": async (s) => {
    const first = (await s.pushed()).connection;
    expect((await s.pushed()).connection).not.toBe(first);
  },
  "broadcast-header": async (s) => expect((await s.pushed()).headers).toHaveProperty("apns-request-id"),
  "indexes-path": async (s) => {
    await s.pushed();
    const { headers } = await s.pushed();
    expect(headers).toMatchObject({ ":path": "/3/device/aa11", "apns-topic": "com.example.phone.voip" });
    expect(s.world.apns.frames(HEADERS).map(representationOfPath)).toEqual([0x44, 0x44]);
  },
  "sends-priority-frames": async (s) => {
    await s.pushed();
    expect((await s.pushed()).token).toBe("aa11");
    expect(s.world.apns.frames(PRIORITY).map((frame) => frame.readUInt32BE(5))).toEqual(
      s.world.apns.frames(HEADERS).map((frame) => frame.readUInt32BE(5)),
    );
  },
  "pings-often": async (s) => {
    await s.pushed();
    await expect.poll(() => s.world.apns.frames(PING).length).toBeGreaterThan(60);
  },
  "ignores-stream-limit": async (s) => {
    await s.pushed();
    await expect.poll(() => s.world.apns.frames(RST_STREAM).length).toBe(999);
    expect(s.world.apns.frames(HEADERS)).toHaveLength(1101);
  },
  "no-push": async (s) => {
    placeCall(s.caller, "bob");
    await s.caller.next("480 INVITE");
    expect(s.world.apns.pushes).toHaveLength(0);
  },
  "payload-without-call-id": async (s) => expect((await s.pushed()).payload).not.toHaveProperty("callId"),
  "payload-foreign-call-id": async (s) => expect((await s.pushed()).payload["callId"]).not.toBe(s.call.callId),
  "payload-wrong-caller": async (s) => expect((await s.pushed()).payload["handle"]).not.toBe("alice"),
  "payload-video-always": async (s) => expect((await s.pushed()).payload["hasVideo"]).toBe(true),
  "push-old-token": async (s) => {
    await register(s.old, "bob", { token: "bb22", callId: "bob", cseq: 2 });
    const tokens = [(await s.pushed()).token, (await s.world.apns.push(2)).token];
    expect(tokens.toSorted()).toEqual(["aa11", "bb22"]);
  },
  "push-twice": async (s) => {
    await s.pushed();
    expect((await s.world.apns.push(2)).token).toBe("aa11");
  },
  "push-always": async (s) => {
    const connected = await s.world.endpoint("tcp");
    await register(connected, "dora", { token: "dd44" });
    placeCall(s.caller, "dora");
    await connected.next("INVITE");
    expect((await s.world.apns.push(1)).token).toBe("dd44");
  },
  "cancel-push": async (s) => {
    await s.pushed();
    s.call.cancel();
    expect((await s.world.apns.push(2)).token).toBe("aa11");
  },
  "update-push": async (s) => {
    await s.ringing();
    expect((await s.world.apns.push(2)).token).toBe("aa11");
  },
  "invite-at-once": async (s) => {
    await s.pushed();
    expect((await s.old.next("INVITE")).what).toBe("INVITE");
  },
  "forgets-held-call": async (s) => {
    await s.pushed();
    await register(s.phone, "bob", { token: "aa11" });
    await s.caller.next("480 INVITE");
    expect(s.phone.has("INVITE")).toBe(false);
  },
  "invite-to-oldest-contact": async (s) => {
    await s.pushed();
    await register(s.phone, "bob", { token: "aa11" });
    await s.old.next("INVITE");
    expect(s.phone.has("INVITE")).toBe(false);
  },
  "ignores-connected-phone": async (s) => {
    await s.pushed();
    await register(s.old, "bob", { token: "aa11", callId: "bob", cseq: 2 });
    await s.caller.next("480 INVITE");
    expect(s.old.has("INVITE")).toBe(false);
  },
  "first-device-only": async (s) => {
    await register(await s.world.endpoint("udp"), "bob", { token: "bb22" });
    await s.pushed();
    await s.caller.next("480 INVITE");
    expect(s.world.apns.pushes.map((push) => push.token)).toEqual(["aa11"]);
  },
  "no-fork-cancel": async (s) => {
    const other = await s.world.endpoint("udp");
    await register(other, "bob");
    await s.pushed();
    respond(other, await other.next("INVITE"), 180, "p2");
    await s.caller.next("180 INVITE");
    await register(s.phone, "bob", { token: "aa11" });
    respond(s.phone, await s.phone.next("INVITE"), 200, "p1", SDP);
    await s.caller.next("200 INVITE");
    await s.settled();
    expect(other.has("CANCEL")).toBe(false);
  },
  "invite-after-cancel": async (s) => {
    await s.pushed();
    s.call.cancel();
    s.call.acknowledge(await s.caller.next("487 INVITE"));
    await register(s.phone, "bob", { token: "aa11" });
    expect((await s.phone.next("INVITE")).get("Call-ID")).toBe(s.call.callId);
  },
  "cancel-not-forwarded": async (s) => {
    await s.ringing();
    s.call.cancel();
    await s.caller.next("487 INVITE");
    await s.settled();
    expect(s.phone.has("CANCEL")).toBe(false);
  },
  "cancel-unanswered": async (s) => {
    await s.pushed();
    s.call.cancel();
    await s.caller.next("487 INVITE");
    expect(s.caller.has("200 CANCEL")).toBe(false);
  },
  "no-487": async (s) => {
    await s.pushed();
    s.call.cancel();
    await s.caller.next("200 CANCEL");
    await s.settled();
    expect(s.caller.has("487 INVITE")).toBe(false);
  },
  "decline-swallowed": async (s) => {
    respond(s.phone, await s.woken(), 486, "p1");
    await s.phone.next("ACK");
    await s.settled();
    expect(s.caller.has("486 INVITE")).toBe(false);
  },
  "decline-becomes-500": async (s) => {
    respond(s.phone, await s.woken(), 486, "p1");
    expect((await s.caller.next("500 INVITE")).what).toBe("500");
  },
  "no-180": async (s) => {
    respond(s.phone, await s.woken(), 180, "p1");
    await register(s.phone, "nobody");
    await s.settled();
    expect(s.caller.has("180 INVITE")).toBe(false);
  },
  "answer-swallowed": async (s) => {
    respond(s.phone, await s.woken(), 200, "p1", SDP);
    await register(s.phone, "nobody");
    await s.settled();
    expect(s.caller.has("200 INVITE")).toBe(false);
  },
  "ack-not-forwarded": async (s) => {
    await s.answered();
    await s.settled();
    expect(s.phone.has("ACK")).toBe(false);
  },
  "caller-bye-not-forwarded": async (s) => {
    const { answer } = await s.answered();
    s.call.inDialog("BYE", answer);
    await s.caller.next("200 BYE");
    await s.settled();
    expect(s.phone.has("BYE")).toBe(false);
  },
  "phone-bye-not-forwarded": async (s) => {
    phoneBye(s.phone, (await s.answered()).invite, "p1");
    await s.phone.next("200 BYE");
    await s.settled();
    expect(s.caller.has("BYE")).toBe(false);
  },
  "waits-for-ever": async (s) => {
    await s.pushed();
    await expect(s.caller.next("480 INVITE", 1500)).rejects.toThrow("did not come");
  },
  "push-failure-hangs": async (s) => {
    s.world.apns.answer(500);
    await s.pushed();
    await expect(s.caller.next("480 INVITE", 1500)).rejects.toThrow("did not come");
  },
  "keeps-unregistered-token": async (s) => {
    s.world.apns.answer(410, { reason: "Unregistered", timestamp: Date.now() + 60_000 });
    await s.pushed();
    await s.caller.next("480 INVITE");
    expect((await s.pushed()).token).toBe("aa11");
  },
  "drops-token-on-old-410": async (s) => {
    s.world.apns.answer(410, { reason: "Unregistered", timestamp: 1000 });
    await s.pushed();
    await s.caller.next("480 INVITE");
    placeCall(s.caller, "bob");
    await s.caller.next("480 INVITE");
    expect(s.world.apns.pushes).toHaveLength(1);
  },
  "retry-storm": async (s) => {
    s.world.apns.answer(429, { reason: "TooManyRequests" });
    await s.pushed();
    expect((await s.world.apns.push(6)).token).toBe("aa11");
  },
  "push-after-log-out": async (s) => {
    await register(s.old, "bob", { callId: "bob", cseq: 2, expires: 0 });
    expect((await s.pushed()).token).toBe("aa11");
  },
  "answers-for-phone": async (s) => {
    respond(s.phone, await s.woken(), 180, "p1");
    expect((await s.caller.next("200 INVITE")).what).toBe("200");
  },
  "final-after-answer": async (s) => {
    await s.answered();
    expect((await s.caller.next("480 INVITE")).what).toBe("480");
  },
  "rings-again-after-decline": async (s) => {
    respond(s.phone, await s.woken(), 486, "p1");
    await s.caller.next("486 INVITE");
    expect((await s.phone.next("INVITE")).get("Call-ID")).toBe(s.call.callId);
  },
  "crosses-calls": async (s) => {
    const dora = await s.world.endpoint("udp");
    await register(dora, "dora", { token: "dd44" });
    await s.pushed();
    const other = placeCall(s.caller, "dora", "carol");
    await s.world.apns.push(2);
    await register(s.phone, "bob", { token: "aa11" });
    expect((await s.phone.next("INVITE")).get("Call-ID")).toBe(other.callId);
  },
  "crash-on-cancel": async (s) => {
    await s.pushed();
    s.call.cancel();
    await s.caller.next("200 CANCEL");
    expect(s.world.crashes()).toBe(1);
  },
  "header-without-colon": async (s) => expect((await s.woken()).text).toContain("\r\nX-Broken header\r\n"),
  "invite-without-max-forwards": async (s) => expect((await s.woken()).all("Max-Forwards")).toEqual([]),
  "branch-without-cookie": async (s) => expect((await s.woken()).get("Via")).not.toContain("z9hG4bK"),
  "branch-reused": async (s) => {
    const { invite, answer } = await s.answered();
    s.call.inDialog("BYE", answer);
    expect(branch(await s.phone.next("BYE"))).toBe(branch(invite));
  },
  "response-via-dropped-param": async (s) => {
    await s.pushed();
    expect((await s.caller.next("100 INVITE")).all("Via")).toHaveLength(2);
  },
  "response-cseq-changed": async (s) => {
    await s.pushed();
    expect((await s.caller.next("100 INVITE")).get("CSeq")).toBe("8 INVITE");
  },
  "final-without-to-tag": async (s) => {
    await s.pushed();
    expect((await s.caller.next("480 INVITE")).get("To")).not.toContain("tag=");
  },
  "max-forwards-kept": async (s) => expect((await s.woken()).get("Max-Forwards")).toBe("70"),
  "record-route-without-lr": async (s) => {
    const { invite, answer } = await s.answered();
    expect(invite.get("Record-Route")).not.toContain("lr");
    s.call.inDialog("BYE", answer);
    expect((await s.phone.next("BYE")).what).toBe("BYE");
  },
  "content-length-missing": async (s) => {
    await s.pushed();
    expect((await s.caller.next("100 INVITE")).all("Content-Length")).toEqual([]);
  },
  "proxy-changes-from-tag": async (s) => {
    const { invite, answer } = await s.answered();
    expect(invite.get("From")).toMatch(/tag=c\d+-changed$/);
    expect(answer.get("From")).toMatch(/tag=c\d+$/);
    s.call.inDialog("BYE", answer);
    respond(s.phone, await s.phone.next("BYE"), 200, "p1");
    expect((await s.caller.next("200 BYE")).get("From")).toBe(answer.get("From"));
  },
  "no-100": async (s) => {
    await s.pushed();
    await s.settled();
    expect(s.caller.has("100 INVITE")).toBe(false);
  },
  "cancel-with-new-branch": async (s) => {
    const invite = await s.ringing();
    s.call.cancel();
    expect(branch(await s.phone.next("CANCEL"))).not.toBe(branch(invite));
  },
  "no-ack-for-rejection": async (s) => {
    respond(s.phone, await s.woken(), 486, "p1");
    await s.caller.next("486 INVITE");
    await s.settled();
    expect(s.phone.has("ACK")).toBe(false);
  },
  "register-unanswered": async (s) => {
    await expect(register(s.phone, "bob", { token: "aa11", callId: "bob", cseq: 2, withinMs: 300 })).rejects.toThrow(
      "did not come",
    );
  },
  "register-200-without-contact": async (s) => expect((await register(s.phone, "dora")).all("Contact")).toEqual([]),
  "retransmission-starts-new-call": async (s) => {
    await s.pushed();
    s.caller.send(s.call.invite);
    expect((await s.world.apns.push(2)).token).toBe("aa11");
  },
  "bye-unanswered": async (s) => {
    const { answer } = await s.answered();
    s.call.inDialog("BYE", answer);
    respond(s.phone, await s.phone.next("BYE"), 200, "p1");
    await s.settled();
    expect(s.caller.has("200 BYE")).toBe(false);
  },
  "no-feature-caps": async (s) =>
    expect((await register(s.phone, "dora", { token: "dd44" })).all("Feature-Caps")).toEqual([]),
  "forks-twice": async (s) => {
    const first = await s.woken();
    expect(branch(await s.phone.next("INVITE"))).not.toBe(branch(first));
  },
  "dead-branch-ends-call": async (s) => {
    await s.pushed();
    const before = Date.now();
    await s.caller.next("408 INVITE");
    expect(Date.now() - before).toBeLessThan(600);
  },
  "b2bua-decline-becomes-480": async (s) => {
    respond(s.phone, await s.woken(), 603, "p1");
    expect((await s.caller.next("480 INVITE")).what).toBe("480");
  },
  "b2bua-cseq-constant": async (s) => {
    const { invite, answer } = await s.answered();
    s.call.inDialog("BYE", answer);
    expect((await s.phone.next("BYE")).get("CSeq").split(" ")[0]).toBe(invite.get("CSeq").split(" ")[0]);
  },
};

const HEADERS = 1;
const PRIORITY = 2;
const RST_STREAM = 3;
const PING = 6;

/** The first byte of the field whose name is index 4 of the static table, behind `:method: POST` (index 3). */
function representationOfPath(frame: Buffer): number | undefined {
  const block = frame.subarray(9);
  // An update of the table's size to nothing may come first (RFC 7541 6.3).
  const fields = block[0] === 0x20 ? block.subarray(1) : block;
  return fields[0] === 0x83 ? fields[1] : undefined;
}

function claims(push: { readonly headers: { readonly authorization?: string | undefined } }): { readonly iat: number } {
  const [, part = ""] = (push.headers.authorization ?? "").split(".");
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as { readonly iat: number };
}

function branch(message: RawMessage): string {
  return /branch=([^;,]*)/.exec(message.get("Via"))?.[1] ?? "";
}

describe("a named fault", () => {
  test.each(faults.filter(isOwn))("$name breaks $server in its own way", async ({ name, server }) => {
    expect.hasAssertions();
    const world = await openReferenceWorld(server, name);
    try {
      await shows[name](await scene(world));
    } finally {
      await world.close();
    }
  });

  test("is found by its name at its own server only", () => {
    expect(findFault("no-180", "holding-proxy")).toBe("no-180");
    expect(findFault("no-180", "b2bua")).toBeUndefined();
    expect(findFault("no-such-fault", "holding-proxy")).toBeUndefined();
    expect(new Set(faults.map((fault) => fault.name)).size).toBe(faults.length);
  });
});
