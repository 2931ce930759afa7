import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { contacts, cseq, header, headerValues, topVia } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import type { Binding } from "./bindings.ts";
import type { CancelForm, InviteOrder, SentCall } from "./invite-sender.ts";
import type { CallEvent } from "./outgoing-call.ts";
import type { IncomingCall } from "./phone-agent.ts";
import { sdpAnswer } from "./sdp.ts";
import type { SipSocket, WireMessage } from "./sip-socket.ts";
import { type BenchPhone, type Waiter, waiter } from "./testing/call-kit.ts";
import { type ClientStand, clientStand } from "./testing/client-stand.ts";
import { ownMistakes } from "./testing/own-wire.ts";
import { testCertificates } from "./testing/test-certificate.ts";

let certificates: Awaited<ReturnType<typeof testCertificates>>;
beforeAll(async () => {
  certificates = await testCertificates();
});

const kinds = ["udp", "tcp", "tls", "ws", "wss"] as const;
const transportOf = (kind: (typeof kinds)[number]) => (kind === "wss" ? "ws" : kind);

type Placed = SentCall & { readonly events: Waiter<CallEvent> };
interface Stage extends ClientStand {
  readonly phone: BenchPhone;
  readonly socket: SipSocket;
  readonly binding: Binding;
  readonly place: (order?: Partial<InviteOrder>) => Placed;
  readonly open: () => Promise<SipSocket>;
}

let stage: Stage;

async function set(
  kind: (typeof kinds)[number],
  onInvite?: (call: IncomingCall) => void,
  options: Parameters<typeof clientStand>[1] = {},
): Promise<Stage> {
  const secure = kind === "tls" || kind === "wss";
  const stand = await clientStand(transportOf(kind), {
    ...(secure ? { certificate: certificates.own } : {}),
    ...options,
  });
  onTestFinished(() => {
    expect([...stand.faults, ...stand.phones.faults]).toEqual([]);
    expect(ownMistakes([...stand.wire.all, ...stand.phones.wire.all])).toEqual([]);
  });
  const trust = { caPem: certificates.caPem };
  const open = () => stand.phones.open(transportOf(kind), stand.listener.address, secure ? { trust } : {});
  const socket = await open();
  const phone = stand.phones.phone("bob", {
    credentials: { username: "bob", password: "secret" },
    ...(onInvite === undefined ? {} : { onInvite }),
  });
  phone.connect(socket);
  expect(await phone.register({ expiresS: 60, instance: "urn:uuid:1" })).toMatchObject({ status: 200 });
  const [binding] = stand.server.registrar.bindings("sip:bob@example.test");
  let count = 0;
  stage = {
    ...stand,
    phone,
    socket,
    open,
    binding: binding!,
    place(order) {
      const events = waiter<CallEvent>("call event");
      count += 1;
      const call = stand.server.invite({
        binding: binding!,
        aor: "sip:bob@example.test",
        caller: { uri: "sip:alice@example.test", displayName: "Alice" },
        callId: `call-${count}`,
        onEvent: events.push,
        ...order,
      });
      return Object.assign(call, { events });
    },
  };
  return stage;
}

function read({ bytes }: WireMessage): SipMessage {
  const message = parseMessage(bytes);
  if (message.kind === "not-sip") throw new Error(message.why);
  return message;
}

function sent(method: string): SipRequest[] {
  return stage.wire.all
    .filter(({ direction }) => direction === "out")
    .map(read)
    .filter((message): message is SipRequest => message.kind === "request" && message.method === method);
}

function pickUp(call: IncomingCall): void {
  call.ring();
  call.answer(sdpAnswer(Buffer.from(call.invite.body).toString()));
}

const requestOf = (method: string) => (seen: WireMessage) => {
  const message = read(seen);
  return seen.direction === "in" && message.kind === "request" && message.method === method;
};

describe.each(kinds)("a client over %s", (kind) => {
  test("registers, is called over its own flow, answers, and both sides can hang up", async () => {
    const { place, socket, listener, phones } = await set(kind, pickUp);
    const first = place();
    await first.events.find((event) => event.kind === "answered");
    await stage.phone.events.find((event) => event.kind === "acknowledged");
    first.bye();
    await stage.phone.events.find((event) => event.kind === "bye-received");
    const second = place();
    await second.events.find((event) => event.kind === "answered");
    await stage.phone.events.find(
      () => stage.phone.events.all.filter(({ kind: it }) => it === "acknowledged").length > 1,
    );
    stage.phone.calls.all.at(-1)?.bye();
    await second.events.find((event) => event.kind === "bye-received");

    const protocol = kind === "wss" ? "WSS" : kind.toUpperCase();
    const invite = sent("INVITE")[0]!;
    expect(topVia(invite)?.raw).toMatch(
      new RegExp(`^SIP/2.0/${protocol} 127\\.0\\.0\\.1:${listener.address.port};branch=z9hG4bK`),
    );
    expect(invite.uri).toBe(stage.binding.contact);
    const register = read(phones.wire.all[0]!);
    const [contact] = contacts(register).filter((one) => one !== "*");
    const isWebSocket = kind === "ws" || kind === "wss";
    const sentBy = isWebSocket ? /^[0-9a-f]+\.invalid$/ : new RegExp(`^127\\.0\\.0\\.1:${socket.local.port}$`);
    expect(socket.sentBy).toMatch(sentBy);
    expect(topVia(register)?.raw).toContain(` ${socket.sentBy};`);
    expect(contact?.uri.raw).toContain(`@${socket.sentBy}`);
    expect(contact?.uri.params.get("transport")).toBe(kind === "udp" ? undefined : transportOf(kind));
    expect(stage.troubles.all).toEqual([]);
  });

  test("hears that the caller hung up, in each of its forms", async () => {
    const { place } = await set(kind, (call) => call.ring());
    const forms = ["plain", "completed-elsewhere", "answered-elsewhere", "declined-elsewhere"] as const;
    for (const form of forms satisfies readonly CancelForm[]) {
      const call = place();
      await call.events.find((event) => event.kind === "ringing");
      call.cancel(form);
      expect(await call.events.find((event) => event.kind === "rejected")).toMatchObject({ status: 487 });
    }
    expect(sent("CANCEL").map((cancel) => header(cancel, "reason"))).toEqual([
      undefined,
      'SIP;cause=200;text="Call completed elsewhere"',
      "Q.850;cause=26",
      "SIP;cause=603",
    ]);
  });

  test("is found gone when its socket is", async () => {
    const { place, socket, ends, flows } = await set(kind);
    // A datagram tells nobody that its sender is gone.
    const ending = kind === "udp" ? flows.all[0]!.close() : Promise.resolve(socket.drop());
    await ending;
    expect(await ends.find(() => true)).toContain(kind === "udp" ? " us: closed by us" : " peer: ");
    const call = place();
    expect(await call.events.find((event) => event.kind === "failed")).toEqual({ kind: "failed", why: "flow-closed" });
  });
});

describe("an INVITE that is sent", () => {
  const body = (message: SipMessage | undefined): string => Buffer.from(message?.body ?? []).toString();

  test.each([
    ["rtp", /^m=audio 9 RTP\/AVP 0 8 101$/m],
    ["srtp", /^m=audio 9 RTP\/SAVP 0 8 101$[^]*^a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[A-Za-z0-9+/]{40}$/m],
    [
      "webrtc",
      /^a=ice-lite$[^]*^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111 0 8 101$[^]*^a=ice-pwd:\S{22,}$[^]*^a=fingerprint:sha-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$[^]*^a=setup:actpass$[^]*^a=candidate:/m,
    ],
  ] as const)("offers %s in its own way, and what the phone answers fits", async (media, offer) => {
    const { place } = await set("tcp", pickUp);
    const call = place({ media, video: true });
    const answered = await call.events.find((event) => event.kind === "answered");
    const offered = body(sent("INVITE")[0]).replaceAll("\r", "");
    expect(offered).toMatch(offer);
    const answer = answered.kind === "answered" ? body(answered.response) : "";
    expect(answer.match(/^m=\w+/gm)).toEqual(offered.match(/^m=\w+/gm));
    expect(answer.includes("a=crypto:1 ")).toBe(media === "srtp");
    expect(answer.includes("a=setup:passive")).toBe(media === "webrtc");
  });

  test("without an offer has its answer in the ACK", async () => {
    const { place, phone } = await set("tcp", pickUp);
    const call = place({ delayedOffer: true });
    await call.events.find((event) => event.kind === "answered");
    await phone.events.find((event) => event.kind === "acknowledged");
    expect(sent("INVITE")[0]!.body.length).toBe(0);
    expect(body(sent("ACK")[0])).toContain("m=audio 9 RTP/AVP 0");
  });

  test("carries the headers it is given, and its URI is the registered Contact byte for byte", async () => {
    const { server, place, phone } = await set("udp", pickUp);
    const contactParams = ";pn-provider=apns;pn-param=T.x;pn-prid=aB%2b";
    await phone.register({ expiresS: 60, instance: "urn:uuid:1", contactParams });
    const [binding] = server.registrar.bindings("sip:bob@example.test");
    expect(binding?.push).toEqual({ provider: "apns", param: "T.x", token: "aB+" });
    const call = place({ binding: binding!, headers: [["X-Hint", "42"]] });
    await call.events.find((event) => event.kind === "answered");
    const invite = sent("INVITE")[0]!;
    expect(header(invite, "x-hint")).toBe("42");
    expect(invite.uri).toBe(`${phone.contact()}${contactParams}`);
  });

  test("on a second branch is the same request to the phone", async () => {
    const { place } = await set("tcp", (call) => call.ring());
    const call = place();
    await call.events.find((event) => event.kind === "ringing");
    call.branch();
    expect(await call.events.find((event) => event.kind === "branch-rejected")).toMatchObject({ status: 482 });
    const [first, second] = sent("INVITE");
    expect(header(second!, "cseq")).toBe(header(first!, "cseq"));
    expect(topVia(second!)?.branch).not.toBe(topVia(first!)?.branch);
    call.cancel();
    await call.events.find((event) => event.kind === "rejected");
    expect(sent("CANCEL").map((cancel) => topVia(cancel)?.branch)).toEqual([topVia(first!)?.branch]);
  });

  test("is written again when a plan says so, and marked", async () => {
    const { place, wire, phone } = await set("tcp", (call) => call.ring());
    const call = place();
    await call.events.find((event) => event.kind === "ringing");
    call.repeatInvite();
    await call.events.find(() => call.events.all.filter(({ kind }) => kind === "ringing").length === 2);
    expect(phone.calls.all).toHaveLength(1);
    expect(
      wire.all
        .filter((seen) => seen.direction === "out" && Buffer.from(seen.bytes).toString().startsWith("INVITE"))
        .map((seen) => seen.retransmission),
    ).toEqual([false, true]);
  });

  test("is asked again within its dialog", async () => {
    const { place, phone } = await set("tcp", pickUp);
    const call = place();
    await call.events.find((event) => event.kind === "answered");
    await phone.events.find((event) => event.kind === "acknowledged");
    call.reinvite({ hold: true });
    const answer = await call.events.find((event) => event.kind === "response-received");
    expect(answer).toMatchObject({ method: "INVITE", response: { status: 200 } });
    expect(body(sent("INVITE")[1])).toMatch(/^o=ringtrue 1 2 .*[^]*a=sendonly/m);
    expect(answer.kind === "response-received" && body(answer.response)).toContain("a=recvonly");
    call.options();
    await call.events.find((event) => event.kind === "response-received" && event.method === "OPTIONS");
    call.reinvite({ delayedOffer: true });
    await call.events.find(() => call.events.all.filter(({ kind }) => kind === "response-received").length === 3);
    expect(body(sent("ACK").at(-1))).toContain("m=audio");
  });

  test("that a plan holds back is written once, when it is let go", async () => {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const { place, phone, wire } = await set("udp", (call) => call.ring(), {
      filter: (_, direction, bytes) =>
        direction === "out" && Buffer.from(bytes).toString().startsWith("INVITE") ? { heldUntil: held } : "deliver",
    });
    const call = place();
    await phone.register({ expiresS: 60, instance: "urn:uuid:1" });
    expect(phone.calls.all).toEqual([]);
    expect(wire.all.some((seen) => Buffer.from(seen.bytes).toString().startsWith("INVITE"))).toBe(false);
    letGo();
    await call.events.find((event) => event.kind === "ringing");
    expect(sent("INVITE")).toHaveLength(1);
  });
});

describe("a phone that came back over another connection", () => {
  test("hangs up there, and is hung up there", async () => {
    const { place, phone, open, server, phones } = await set("tcp", pickUp);
    const call = place();
    const answered = await call.events.find((event) => event.kind === "answered");
    await phone.events.find((event) => event.kind === "acknowledged");
    stage.socket.drop();
    await stage.ends.find(() => true);
    const socket = await open();
    phone.connect(socket);
    await phone.register({ expiresS: 60, instance: "urn:uuid:1" });
    expect(server.registrar.bindings("sip:bob@example.test")).toHaveLength(1);
    call.bye();
    const bye = await phones.wire.find(requestOf("BYE"));
    expect(bye.flow).toBe(socket.flow);
    expect(answered.kind).toBe("answered");
  });
});

describe("requests of a client", () => {
  const ask = async (method: string, extra: readonly string[] = [], text = ""): Promise<SipResponse> => {
    const { socket } = stage;
    const branch = `z9hG4bK${method}${Math.random()}`;
    socket.send(
      Buffer.from(
        [
          `${method} sip:example.test SIP/2.0`,
          `Via: SIP/2.0/UDP ${socket.sentBy};branch=${branch};rport`,
          "Max-Forwards: 70",
          "From: <sip:bob@example.test>;tag=b",
          "To: <sip:example.test>",
          `Call-ID: ${branch}`,
          `CSeq: 7 ${method}`,
          `Contact: <sip:bob@${socket.sentBy}>`,
          ...extra,
          `Content-Length: ${text.length}`,
          "",
          text,
        ].join("\r\n"),
      ),
    );
    const seen = await stage.phones.wire.find(
      (message) => message.direction === "in" && topVia(read(message))?.branch === branch,
    );
    return read(seen) as SipResponse;
  };

  test.each([
    ["OPTIONS", 200],
    ["SUBSCRIBE", 489],
    ["PUBLISH", 405],
    ["MESSAGE", 405],
    ["UPDATE", 481],
    ["INVITE", 480],
    ["BREW", 501],
  ])("%s is answered %i", async (method, status) => {
    await set("udp");
    const response = await ask(method);
    expect(response.status).toBe(status);
    expect(topVia(response)?.params.get("rport")).toBe(String(stage.socket.local.port));
  });
});

describe("a reliable provisional response", () => {
  test("is acknowledged with PRACK once, in the early dialog, and UPDATE follows the dialog", async () => {
    const { place, socket, wire } = await set("tcp");
    stage.phone.dispose();
    const got = waiter<SipMessage>("message at the phone");
    socket.receive({ message: (bytes) => got.push(parseMessage(bytes) as SipMessage), closed: () => {} });
    const write = (start: string, request: SipMessage, ...extra: string[]): void => {
      const copied = ["via", "from", "call-id", "cseq"].map((name) => `${name}: ${header(request, name)}`);
      const to = `${header(request, "to")}${header(request, "to")?.includes("tag=") === true ? "" : ";tag=p"}`;
      socket.send(Buffer.from([start, ...copied, `To: ${to}`, ...extra, "Content-Length: 0", "", ""].join("\r\n")));
    };
    const call = place({ reliable: true });
    const invite = await got.find((message) => message.kind === "request" && message.method === "INVITE");
    expect(headerValues(invite, "supported")).toEqual(["100rel"]);
    const contact = `Contact: <sip:bob@${socket.sentBy};transport=tcp>`;
    for (const _ of [1, 2]) write("SIP/2.0 180 Ringing", invite, contact, "Require: 100rel", "RSeq: 7");
    const prack = await got.find((message) => message.kind === "request" && message.method === "PRACK");
    expect(header(prack, "rack")).toBe(`7 ${cseq(invite)?.number} INVITE`);
    expect(header(prack, "to")).toContain(";tag=p");
    write("SIP/2.0 200 OK", prack);
    await call.events.find((event) => event.kind === "response-received");
    expect(got.all.filter((message) => message.kind === "request" && message.method === "PRACK")).toHaveLength(1);

    const update = (number: number, text: string): string =>
      [
        `UPDATE ${contacts(invite).map((one) => (one === "*" ? "" : one.uri.raw))[0]} SIP/2.0`,
        `Via: SIP/2.0/TCP ${socket.sentBy};branch=z9hG4bKupdate${number}`,
        "Max-Forwards: 70",
        `From: ${header(prack, "to")}`,
        `To: ${header(invite, "from")}`,
        `Call-ID: ${header(invite, "call-id")}`,
        `CSeq: ${number} UPDATE`,
        contact,
        ...(text === "" ? [] : ["Content-Type: application/sdp"]),
        `Content-Length: ${text.length}`,
        "",
        text,
      ].join("\r\n");
    const answered = async (number: number): Promise<number> => {
      const response = await got.find(
        (message) => message.kind === "response" && topVia(message)?.branch === `z9hG4bKupdate${number}`,
      );
      return response.kind === "response" ? response.status : 0;
    };
    socket.send(Buffer.from(update(1, "")));
    expect(await answered(1)).toBe(200);
    // Our own offer has no answer yet (RFC 3311 section 5.2).
    socket.send(Buffer.from(update(2, "v=0\r\nm=audio 4000 RTP/AVP 0\r\n")));
    expect(await answered(2)).toBe(491);
    write("SIP/2.0 200 OK", invite, contact);
    await got.find((message) => message.kind === "request" && message.method === "ACK");
    socket.send(Buffer.from(update(3, "v=0\r\nm=audio 4000 RTP/AVP 0\r\n")));
    expect(await answered(3)).toBe(200);
    const bye = (): SipMessage | undefined =>
      got.all.find((message) => message.kind === "request" && message.method === "BYE");
    call.bye();
    await got.find(() => bye() !== undefined);
    expect(cseq(bye()!)!.number).toBeGreaterThan(cseq(prack)!.number);
    expect(wire.all.length).toBeGreaterThan(0);
  });
});

test("a hundred phones on one listener are called at once, each over its own connection", async () => {
  const { server, listener, phones } = await set("ws");
  const bench = phones;
  const users = Array.from({ length: 100 }, (_, index) => `user${index}`);
  const contacts = await Promise.all(
    users.map(async (user) => {
      const phone = bench.phone(user, { onInvite: pickUp });
      const socket = await bench.open("ws", listener.address);
      phone.connect(socket);
      await phone.register({ expiresS: 60 });
      return phone.contact();
    }),
  );
  const answers = users.map(async (user) => {
    const aor = `sip:${user}@example.test`;
    const events = waiter<CallEvent>("call event");
    const [binding] = server.registrar.bindings(aor);
    server.invite({
      binding: binding!,
      aor,
      caller: { uri: "sip:alice@example.test", displayName: "" },
      callId: `hundred-${user}`,
      onEvent: events.push,
    });
    const event = await events.find(({ kind }) => kind === "answered");
    return event.kind === "answered" ? header(event.response, "contact") : undefined;
  });
  expect(await Promise.all(answers)).toEqual(contacts.map((contact) => `<${contact}>`));
});
