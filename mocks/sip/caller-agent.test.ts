import { describe, expect, onTestFinished, test } from "vitest";
import { callId, cseq, fromTag, header, headerValues, maxForwards, topVia, toTag } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { SipMessage, SipRequest } from "../../harness/wire/sip-message.ts";
import { sdpOffer } from "./sdp.ts";
import { bench } from "./testing/call-kit.ts";
import { ownMistakes } from "./testing/own-wire.ts";
import { answerTo, requestTo, type ScriptedTarget, scriptedTarget, transactionOf } from "./testing/scripted-target.ts";

const call = { to: "sip:bob@example.test", callId: "call-1@example.test", sdp: sdpOffer() };
const contact = "Contact: <sip:bob@192.0.2.9:5080>";

async function stage(options: { readonly password?: string } = {}) {
  const target = await scriptedTarget();
  const world = bench();
  const socket = await world.open("udp", target.address);
  const caller = world.caller(
    socket,
    options.password === undefined ? {} : { credentials: { username: "alice", password: options.password } },
  );
  onTestFinished(async () => {
    await world.close();
    await target.close();
    expect(world.faults).toEqual([]);
    expect(ownMistakes(world.wire.all)).toEqual([]);
  });
  return { target, world, socket, caller };
}

const tagged = (invite: SipRequest, tag: string): string => `${header(invite, "to")};tag=${tag}`;
const methods = (messages: readonly SipMessage[]): string[] =>
  messages.map((message) => (message.kind === "request" ? message.method : String(message.status)));
/** Something the agent answers at once, so that all it had to say before has been said. */
async function settled(target: ScriptedTarget): Promise<void> {
  target.write(
    requestTo("sip:alice@x", "OPTIONS", {
      branch: `z9hG4bK${Math.random()}`,
      from: "<sip:t@x>;tag=t",
      to: "<sip:a@x>",
      callId: "ping",
    }),
  );
  await target.next((message) => message.kind === "response" && callId(message) === "ping");
}

describe("a caller's INVITE", () => {
  test("is clean, complete and carries nothing empty", async () => {
    const { target, caller, socket } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    expect(invite.findings).toEqual([]);
    expect(invite.uri).toBe("sip:bob@example.test");
    expect(maxForwards(invite)).toBe(70);
    expect(header(invite, "from")).toMatch(/^"Alice \\"A\\" \\\\ Ünal" <sip:alice@example\.test>;tag=\w+$/);
    expect(header(invite, "contact")).toMatch(new RegExp(`^<sip:caller-\\w+@127.0.0.1:${socket.local.port}>$`));
    expect(header(invite, "supported")).toBeUndefined();
    expect(header(invite, "user-agent")).toBe("RingTrue");
    expect(topVia(invite)?.params.has("rport")).toBe(true);
    expect(Buffer.from(invite.body).toString()).toBe(call.sdp);
  });

  test("is written again after T1, and that is marked", async () => {
    const { target, caller, world } = await stage();
    caller.invite(call);
    const first = await target.nextRequest("INVITE");
    const second = await target.nextRequest("INVITE");
    expect(transactionOf(second)).toBe(transactionOf(first));
    expect(world.wire.all.map((seen) => seen.retransmission)).toEqual([false, true]);
  });

  test("reports provisional responses without Contact and without To tag", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    target.write(answerTo(invite, "100 Trying"));
    target.write(answerTo(invite, "180 Ringing"));
    target.write(answerTo(invite, "183 Session Progress", { to: tagged(invite, "b") }));
    await caller.events.find((event) => event.kind === "ringing" && event.status === 183);
    expect(caller.events.all.map((event) => event.kind)).toEqual(["trying", "ringing", "ringing"]);
  });

  test("that is rejected is acknowledged on its own branch, each time the rejection comes", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    target.write(answerTo(invite, "486 Busy Here", { to: tagged(invite, "b") }));
    target.write(answerTo(invite, "486 Busy Here", { to: tagged(invite, "b") }));
    for (const _ of [1, 2]) {
      const ack = await target.nextRequest("ACK");
      expect(transactionOf(ack)).toBe(transactionOf(invite));
      expect(toTag(ack)).toBe("b");
      expect(ack.uri).toBe(invite.uri);
    }
    expect(caller.events.all.map((event) => event.kind)).toEqual(["rejected"]);
  });
});

describe("an answered call", () => {
  test("is acknowledged along the reversed Record-Route, again for each 2xx that comes again, and hung up", async () => {
    const { target, caller, world } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    const { host, port } = target.address;
    const answer = answerTo(invite, "200 OK", {
      to: tagged(invite, "b"),
      extra: [contact, `Record-Route: <sip:p2.example.test;lr>, <sip:${host}:${port};lr>`],
    });
    target.write(answer);
    const ack = await target.nextRequest("ACK");
    expect(ack.uri).toBe("sip:bob@192.0.2.9:5080");
    expect(headerValues(ack, "route")).toEqual([`<sip:${host}:${port};lr>`, "<sip:p2.example.test;lr>"]);
    expect(cseq(ack)).toEqual({ number: 1, method: "ACK" });
    expect(transactionOf(ack)).not.toBe(transactionOf(invite));
    target.write(answer);
    expect(transactionOf(await target.nextRequest("ACK"))).toBe(transactionOf(ack));
    expect(world.wire.all.findLast((seen) => seen.direction === "out")?.retransmission).toBe(true);
    caller.hangUp();
    const bye = await target.nextRequest("BYE");
    expect(cseq(bye)?.number).toBe(2);
    expect([callId(bye), toTag(bye), fromTag(bye)]).toEqual([call.callId, "b", fromTag(invite)]);
    target.write(answerTo(bye, "200 OK"));
    expect(caller.events.all.map((event) => event.kind)).toEqual(["answered"]);
  });

  test("goes on when the 2xx has neither Contact nor To tag", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    target.write(answerTo(invite, "200 OK"));
    const ack = await target.nextRequest("ACK");
    expect([ack.uri, toTag(ack)]).toEqual([call.to, undefined]);
  });

  test("hangs up a second fork and keeps the first", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    const local = `Contact: <sip:bob@${target.address.host}:${target.address.port}>`;
    target.write(answerTo(invite, "200 OK", { to: tagged(invite, "one"), extra: [local] }));
    target.write(answerTo(invite, "200 OK", { to: tagged(invite, "two"), extra: [local] }));
    const bye = await target.nextRequest("BYE");
    expect(toTag(bye)).toBe("two");
    await settled(target);
    expect(methods(target.seen)).toEqual(["INVITE", "ACK", "ACK", "BYE", "200"]);
    expect(caller.events.all).toMatchObject([
      { kind: "answered", fork: false },
      { kind: "answered", fork: true },
    ]);
  });

  test("answers the callee's re-INVITE, OPTIONS and BYE, and refuses what comes out of order or afterwards", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    target.write(answerTo(invite, "200 OK", { to: tagged(invite, "b") }));
    await target.nextRequest("ACK");
    const within = (method: string, number: number) =>
      requestTo("sip:alice@x", method, {
        branch: `z9hG4bK${method}${number}`,
        from: tagged(invite, "b"),
        to: header(invite, "from") ?? "",
        callId: call.callId,
        cseq: number,
      });
    const status = async (text: string): Promise<number> => {
      target.write(text);
      const method = text.slice(0, text.indexOf(" "));
      const answer = await target.next((message) => message.kind === "response" && cseq(message)?.method === method);
      return answer.kind === "response" ? answer.status : 0;
    };
    expect(await status(within("INVITE", 5))).toBe(200);
    target.write(within("ACK", 5));
    expect(await status(within("OPTIONS", 6))).toBe(200);
    expect(await status(within("BYE", 4))).toBe(500);
    expect(await status(within("UPDATE", 7))).toBe(405);
    expect(await status(within("BYE", 8))).toBe(200);
    expect(await status(within("OPTIONS", 9))).toBe(481);
    await caller.events.find((event) => event.kind === "bye-received");
  });
});

describe("hanging up before the answer", () => {
  test("holds the CANCEL back until a provisional response came", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    caller.cancel();
    await settled(target);
    expect(methods(target.seen)).not.toContain("CANCEL");
    target.write(answerTo(invite, "100 Trying"));
    const cancel = await target.nextRequest("CANCEL");
    expect(transactionOf(cancel)).toBe(transactionOf(invite));
    expect([cancel.uri, callId(cancel), header(cancel, "to"), header(cancel, "from")]).toEqual([
      invite.uri,
      callId(invite),
      header(invite, "to"),
      header(invite, "from"),
    ]);
    expect(cancel.body).toHaveLength(0);
    target.write(answerTo(cancel, "200 OK"));
    target.write(answerTo(invite, "487 Request Terminated", { to: tagged(invite, "b") }));
    await target.nextRequest("ACK");
    expect(caller.events.all.map((event) => event.kind)).toEqual(["trying", "rejected"]);
  });

  test("acknowledges and hangs up when the 2xx crosses the CANCEL", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    target.write(answerTo(invite, "180 Ringing", { to: tagged(invite, "b") }));
    await caller.events.find((event) => event.kind === "ringing");
    caller.hangUp();
    const local = `Contact: <sip:bob@${target.address.host}:${target.address.port}>`;
    target.write(answerTo(invite, "200 OK", { to: tagged(invite, "b"), extra: [local] }));
    await target.nextRequest("CANCEL");
    await target.nextRequest("ACK");
    expect(toTag(await target.nextRequest("BYE"))).toBe("b");
  });

  test("sends no CANCEL at all when the final response comes first", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    caller.cancel();
    target.write(answerTo(invite, "200 OK", { to: tagged(invite, "b") }));
    await target.nextRequest("BYE");
    await settled(target);
    expect(methods(target.seen)).toEqual(["INVITE", "ACK", "BYE", "200"]);
  });
});

describe("a challenged caller", () => {
  const challenge = 'Proxy-Authenticate: Digest realm="r", nonce="n", qop="auth"';

  test("answers with credentials, a higher CSeq and a new branch, and repeats them in the ACK", async () => {
    const { target, caller, world } = await stage({ password: "secret" });
    caller.invite(call);
    const first = await target.nextRequest("INVITE");
    target.write(answerTo(first, "407 Proxy Authentication Required", { to: tagged(first, "p"), extra: [challenge] }));
    const second = await target.nextRequest("INVITE");
    expect(cseq(second)?.number).toBe(2);
    expect(fromTag(second)).toBe(fromTag(first));
    expect(toTag(second)).toBeUndefined();
    expect(header(second, "proxy-authorization")).toContain('username="alice"');
    target.write(answerTo(second, "200 OK", { to: tagged(second, "b") }));
    const ack = await target.next(
      (message) => message.kind === "request" && message.method === "ACK" && toTag(message) === "b",
    );
    expect(header(ack, "proxy-authorization")).toBe(header(second, "proxy-authorization"));
    expect(caller.events.all.map((event) => event.kind)).toEqual(["answered"]);
    expect(world.wire.all.filter((seen) => seen.direction === "in")).toHaveLength(2);
  });

  test("gives up when its answer is challenged again", async () => {
    const { target, caller } = await stage({ password: "wrong" });
    caller.invite(call);
    for (const _ of [1, 2]) {
      const invite = await target.nextRequest("INVITE");
      target.write(
        answerTo(invite, "407 Proxy Authentication Required", { to: tagged(invite, "p"), extra: [challenge] }),
      );
    }
    expect(await caller.events.find((event) => event.kind === "rejected")).toMatchObject({ status: 407 });
  });

  test("without a password takes the challenge for the final response", async () => {
    const { target, caller } = await stage();
    caller.invite(call);
    const invite = await target.nextRequest("INVITE");
    target.write(
      answerTo(invite, "407 Proxy Authentication Required", { to: tagged(invite, "p"), extra: [challenge] }),
    );
    expect(await caller.events.find((event) => event.kind === "rejected")).toMatchObject({ status: 407 });
  });
});

describe("the end of the flow", () => {
  test("fails a call that has no final response yet", async () => {
    const { target, caller, socket } = await stage();
    caller.invite(call);
    await target.nextRequest("INVITE");
    await socket.close();
    expect(caller.events.all).toEqual([{ kind: "failed", why: "flow-closed" }]);
  });

  test("is told to who calls on a socket that is already closed", async () => {
    const { caller, socket } = await stage();
    await socket.close();
    caller.invite(call);
    await caller.events.find((event) => event.kind === "failed");
    expect(await caller.register({ expiresS: 60 })).toEqual({ kind: "flow-closed" });
  });
});

test("hostile bytes neither throw nor stop a caller", async () => {
  const { target, caller, world } = await stage();
  caller.invite(call);
  const invite = await target.nextRequest("INVITE");
  const via = header(invite, "via");
  for (const junk of [
    "\0\0\0\0\0",
    "SIP/2.0 200",
    "SIP/2.0 99999999999 X\r\n\r\n",
    `SIP/2.0 200 OK\r\nVia: ${via}\r\n\r\n`,
    `SIP/2.0 200 OK\r\nVia: ${via}\r\nCSeq: x INVITE\r\n\r\n`,
    `SIP/2.0 700 ?\r\nVia: ${via}\r\nCSeq: 1 INVITE\r\n\r\n`,
    `SIP/2.0 180 Ringing\r\nVia: ${via}\r\nCSeq: 1 INVITE\r\nContact: ;;;<<<\r\n\r\n`,
    "INVITE\r\n\r\n",
    "INVITE sip:x SIP/2.0\r\n\r\n",
    "BYE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\r\n",
    "CANCEL tel:1 SIP/2.0\r\nVia: SIP/2.0/UDP [::1]:70000\r\nFrom: x\r\nTo: y\r\nCall-ID: \r\nCSeq: 1 CANCEL\r\n\r\n",
    "PRACK sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKp\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: p\r\nCSeq: 1 PRACK\r\n\r\n",
    `__proto__: x\r\n${"A".repeat(9_000)}`,
  ])
    target.write(junk);
  await settled(target);
  target.write(answerTo(invite, "486 Busy Here", { to: tagged(invite, "b") }));
  await caller.events.find((event) => event.kind === "rejected");
  expect(world.faults).toEqual([]);
  expect(parseMessage(Buffer.from("junk")).kind).toBe("not-sip");
});
