import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { callId, contacts, cseq, fromTag, header, headerValues, toTag, vias } from "../../harness/wire/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import { sdpOffer } from "./sdp.ts";
import { bench } from "./testing/call-kit.ts";
import { ownMistakes } from "./testing/own-wire.ts";
import { answerTo, requestTo, scriptedTarget } from "./testing/scripted-target.ts";

/** `hostile`: what we copy from a broken request is broken in our response too. */
async function stage(options: { readonly password?: string; readonly hostile?: boolean } = {}) {
  const target = await scriptedTarget();
  const world = bench();
  const socket = await world.open("udp", target.address);
  const phone = world.phone(
    "bob",
    options.password === undefined ? {} : { credentials: { username: "bob", password: options.password } },
  );
  phone.connect(socket);
  onTestFinished(async () => {
    await world.close();
    await target.close();
    expect(world.faults).toEqual([]);
    expect(options.hostile === true ? [] : ownMistakes(world.wire.all)).toEqual([]);
  });
  const response = (status: number, method?: string): Promise<SipResponse> =>
    target.next(
      (message: SipMessage) =>
        message.kind === "response" &&
        message.status === status &&
        (method === undefined || cseq(message)?.method === method),
    ) as Promise<SipResponse>;
  const invite = (
    branch = "z9hG4bKcall",
    more: { readonly extra?: string[]; readonly callId?: string; readonly via?: string } = {},
  ): string =>
    requestTo(phone.contact() ?? "", "INVITE", {
      branch,
      from: "<sip:alice@x>;tag=a",
      to: "<sip:bob@x>",
      callId: "call",
      ...more,
    });
  const send = (text: string): void => target.write(text, socket.local);
  return { target, world, socket, phone, response, invite, send };
}

const within = (answer: SipResponse, method: string, number: number, branch = `z9hG4bK${method}${number}`): string =>
  requestTo("sip:bob@x", method, {
    branch,
    from: header(answer, "from") ?? "",
    to: header(answer, "to") ?? "",
    callId: callId(answer) ?? "",
    cseq: number,
  });

describe("a phone's REGISTER", () => {
  test("carries its push parameters byte for byte inside the Contact URI, and nothing else of push", async () => {
    const { target, phone } = await stage();
    const outcome = phone.register({
      expiresS: 3600,
      contactParams: ";pn-provider=apns;pn-param=TEAM.org.example;pn-prid=ab%2Bc%3D%3d",
      header: { name: "X-Token", value: "t0k" },
      instance: "urn:uuid:00000000-0000-4000-8000-000000000000",
    });
    const register = await target.nextRequest("REGISTER");
    expect(register.uri).toBe("sip:example.test");
    expect(header(register, "to")).toBe("<sip:bob@example.test>");
    expect(header(register, "contact")).toBe(
      `<${phone.contact()};pn-provider=apns;pn-param=TEAM.org.example;pn-prid=ab%2Bc%3D%3d>;+sip.instance="<urn:uuid:00000000-0000-4000-8000-000000000000>";reg-id=1`,
    );
    expect([header(register, "expires"), header(register, "x-token"), header(register, "supported")]).toEqual([
      "3600",
      "t0k",
      "path, outbound",
    ]);
    target.write(answerTo(register, "200 OK"));
    expect(await outcome).toMatchObject({ kind: "response", status: 200 });
  });

  test("keeps its Call-ID and raises its CSeq over every socket the phone has", async () => {
    const { target, world, phone } = await stage();
    const seen: SipRequest[] = [];
    for (let round = 0; round < 3; round += 1) {
      const outcome = round === 2 ? phone.unregister() : phone.register({ expiresS: 60 });
      const register = await target.nextRequest("REGISTER");
      seen.push(register);
      target.write(answerTo(register, "200 OK"));
      await outcome;
      phone.connect(await world.open("udp", target.address));
    }
    expect(new Set(seen.map(callId)).size).toBe(1);
    expect(seen.map((register) => cseq(register)?.number)).toEqual([1, 2, 3]);
    expect(new Set(seen.map((register) => header(register, "contact"))).size).toBe(3);
    expect(header(seen[2] as SipRequest, "expires")).toBe("0");
  });

  test("can remove an older contact in the same request", async () => {
    const { target, phone } = await stage();
    const old = "sip:u@127.0.0.1:4;pn-provider=apns;pn-prid=old";
    void phone.register({ expiresS: 60, removeContact: old });
    const register = await target.nextRequest("REGISTER");
    expect(
      contacts(register).map((contact) =>
        contact === "*" ? contact : [contact.uri.raw, contact.params.get("expires")],
      ),
    ).toEqual([
      [phone.contact(), undefined],
      [old, "0"],
    ]);
  });

  test("answers a challenge, a stale one once more, and then takes no for an answer", async () => {
    const { target, phone, world } = await stage({ password: "secret" });
    const outcome = phone.register({ expiresS: 60 });
    const challenge = (nonce: string, more = "") => `WWW-Authenticate: Digest realm="r", nonce="${nonce}"${more}`;
    for (const line of [challenge("one"), challenge("two", ", stale=true"), challenge("three", ", stale=TRUE")]) {
      const register = await target.nextRequest("REGISTER");
      target.write(answerTo(register, "401 Unauthorized", { extra: [line] }));
    }
    expect(await outcome).toMatchObject({ kind: "response", status: 401 });
    const answers = target.seen.map((register) => /nonce="(\w+)"/.exec(header(register, "authorization") ?? "")?.[1]);
    expect(answers).toEqual([undefined, "one", "two"]);
    expect(world.wire.all).toHaveLength(6);
  });

  test("ends with the flow it went over", async () => {
    const { target, phone, socket } = await stage();
    const outcome = phone.register({ expiresS: 60 });
    await target.nextRequest("REGISTER");
    socket.drop();
    expect(await outcome).toEqual({ kind: "flow-closed" });
    phone.dispose();
    expect(await phone.register({ expiresS: 60 })).toEqual({ kind: "flow-closed" });
  });
});

describe("an INVITE at a phone", () => {
  test("is answered with its Vias, Record-Routes and a tag of ours, and rings until answered", async () => {
    const { target, phone, response, invite, send } = await stage();
    send(
      invite("z9hG4bK1", {
        extra: ["Via: SIP/2.0/TCP far.example;branch=z9hG4bK0", "Record-Route: <sip:a;lr>, <sip:b;lr>"],
      }),
    );
    const call = await phone.calls.find(() => true);
    expect(call.ring()).toBe(true);
    const ringing = await response(180);
    expect(vias(ringing).map((via) => via.raw)).toEqual([
      `SIP/2.0/UDP 127.0.0.1:9;rport=${target.address.port};branch=z9hG4bK1;received=127.0.0.1`,
      "SIP/2.0/TCP far.example;branch=z9hG4bK0",
    ]);
    expect(headerValues(ringing, "record-route")).toEqual(["<sip:a;lr>", "<sip:b;lr>"]);
    expect(header(ringing, "contact")).toBe(`<${phone.contact()}>`);
    call.answer(sdpOffer());
    const answer = await response(200);
    expect(toTag(answer)).toBe(toTag(ringing));
    expect(header(answer, "content-type")).toBe("application/sdp");
    send(within(answer, "ACK", 1));
    await phone.events.find((event) => event.kind === "acknowledged");
    expect([call.ring(), call.answer(""), call.reject(486), call.state()]).toEqual([false, false, false, "confirmed"]);
  });

  test("gets a 100 of its own when nobody answers within 200 ms", async () => {
    const { phone, response, invite, send } = await stage();
    send(invite());
    await phone.calls.find(() => true);
    expect(toTag(await response(100))).toBeUndefined();
  });

  test("that comes again gets the last response again and rings no second time", async () => {
    const { phone, response, invite, send, world } = await stage();
    send(invite());
    (await phone.calls.find(() => true)).ring();
    await response(180);
    send(invite());
    await response(180);
    expect(phone.calls.all).toHaveLength(1);
    expect(world.wire.all.findLast((seen) => seen.direction === "out")?.retransmission).toBe(true);
  });

  test("on a second branch while the first is under way is a merged request", async () => {
    const { phone, response, invite, send } = await stage();
    send(invite("z9hG4bK1"));
    await phone.calls.find(() => true);
    send(invite("z9hG4bK2"));
    await response(482);
    expect(phone.calls.all).toHaveLength(1);
  });

  test("of another call while busy is another call", async () => {
    const { phone, invite, send } = await stage();
    send(invite("z9hG4bK1", { callId: "one" }));
    send(invite("z9hG4bK2", { callId: "two" }));
    await phone.calls.find((call) => call.callId === "two");
    expect(phone.calls.all.map((call) => call.callId)).toEqual(["one", "two"]);
  });

  test("is repeated when answered, until the ACK comes; a BYE of ours waits for it", async () => {
    const { target, phone, response, invite, send } = await stage();
    send(invite());
    const call = await phone.calls.find(() => true);
    call.answer(sdpOffer());
    await response(200);
    const again = await response(200);
    expect(call.bye()).toBe(true);
    expect(target.seen.some((message) => message.kind === "request")).toBe(false);
    // The contact of the caller is a port nobody has; the BYE is seen on its way out.
    send(within(again, "ACK", 1));
    await phone.events.find((event) => event.kind === "acknowledged");
    expect(call.state()).toBe("ended");
  });

  test("is cancelled with 200 and 487 on one tag, and the ACK ends it", async () => {
    const { phone, response, invite, send } = await stage();
    send(invite());
    const call = await phone.calls.find(() => true);
    call.ring();
    send(
      requestTo(phone.contact() ?? "", "CANCEL", {
        branch: "z9hG4bKcall",
        from: "<sip:alice@x>;tag=a",
        to: "<sip:bob@x>",
        callId: "call",
      }),
    );
    const ok = await response(200, "CANCEL");
    const terminated = await response(487, "INVITE");
    expect(toTag(ok)).toBe(toTag(terminated));
    expect(phone.events.all.map((event) => event.kind)).toEqual(["cancelled"]);
    expect([call.answer(sdpOffer()), call.state()]).toEqual([false, "cancelled"]);
  });

  test("that is rejected gets its rejection again until acknowledged", async () => {
    const { phone, response, invite, send, world } = await stage();
    send(invite());
    (await phone.calls.find(() => true)).reject(603);
    expect((await response(603)).reason).toBe("Decline");
    const again = await response(603);
    expect(world.wire.all.filter((seen) => seen.direction === "out").map((seen) => seen.retransmission)).toEqual([
      false,
      true,
    ]);
    send(within(again, "ACK", 1, "z9hG4bKcall"));
    send(invite()); // absorbed now
    send(
      requestTo("sip:bob@x", "OPTIONS", { branch: "z9hG4bKo", from: "<sip:a@x>;tag=1", to: "<sip:b@x>", callId: "o" }),
    );
    await response(200, "OPTIONS");
    expect(world.wire.all.filter((seen) => seen.direction === "out")).toHaveLength(3);
  });

  test("too late to cancel, the CANCEL gets 200 and the call stays", async () => {
    const { phone, response, invite, send } = await stage();
    send(invite());
    const call = await phone.calls.find(() => true);
    call.answer(sdpOffer());
    send(
      requestTo(phone.contact() ?? "", "CANCEL", {
        branch: "z9hG4bKcall",
        from: "<sip:alice@x>;tag=a",
        to: "<sip:bob@x>",
        callId: "call",
      }),
    );
    await response(200, "CANCEL");
    expect(call.state()).toBe("answered");
  });
});

describe("what a phone does not take", () => {
  test.each([
    ["INVITE", "sip:stranger@x", 404, []],
    ["INVITE", "tel:+4912345", 416, []],
    ["INVITE", "sips:bob@x", 416, []],
    ["INVITE", "sip:bob@x", 420, ["Require: 100rel, foo"]],
    ["PRACK", "sip:bob@x", 481, []],
    ["UPDATE", "sip:bob@x", 481, []],
    ["BYE", "sip:bob@x", 481, []],
    ["CANCEL", "sip:bob@x", 481, []],
    ["PUBLISH", "sip:bob@x", 405, []],
    ["NOTIFY", "sip:bob@x", 405, []],
    ["REGISTER", "sip:x", 405, []],
    ["JUMP", "sip:bob@x", 501, []],
    ["OPTIONS", "sip:bob@x", 200, []],
  ])("%s %s gets %i", async (method, uri, status, extra) => {
    const { response, send, phone } = await stage();
    send(
      requestTo(uri, method, {
        branch: "z9hG4bKq",
        from: "<sip:alice@x>;tag=a",
        to: "<sip:bob@x>",
        callId: "q",
        extra,
      }),
    );
    const answer = await response(status, method);
    const explained = { 405: "allow", 420: "unsupported", 501: "allow" }[status];
    expect(explained === undefined || header(answer, explained) !== undefined).toBe(true);
    expect(phone.calls.all).toEqual([]);
    expect(fromTag(answer)).toBe("a");
  });

  test("a request within a dialog it does not know gets 481", async () => {
    const { response, send } = await stage();
    for (const method of ["INVITE", "BYE", "OPTIONS"]) {
      send(
        requestTo("sip:bob@x", method, {
          branch: `z9hG4bK${method}`,
          from: "<sip:alice@x>;tag=a",
          to: "<sip:bob@x>;tag=old",
          callId: "gone",
        }),
      );
      expect(toTag(await response(481, method))).toBe("old");
    }
  });

  test("no bytes at all make it throw or go deaf", async () => {
    const { target, response, send, world, invite, phone } = await stage({ hostile: true });
    const base = invite();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(base.length - 1),
        fc.nat(40),
        fc.string({ unit: "binary", maxLength: 12 }),
        async (at, cut, junk) => {
          send(base.slice(0, at) + junk + base.slice(at + cut));
          const branch = `z9hG4bK${target.seen.length}-${Math.random()}`;
          send(requestTo("sip:bob@x", "OPTIONS", { branch, from: "<sip:a@x>;tag=1", to: "<sip:b@x>", callId: branch }));
          await response(200, "OPTIONS");
        },
      ),
      { numRuns: 60 },
    );
    expect(world.faults).toEqual([]);
    for (const call of phone.calls.all) call.reject(480);
  });
});
