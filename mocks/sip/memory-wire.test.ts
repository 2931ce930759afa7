import { describe, expect, test } from "vitest";
import type { Transport } from "../../harness/trace/trace-event.ts";
import type { SipListener } from "./listen-sip.ts";
import { memoryWire, type MemoryConnection, type MemoryWire } from "./memory-wire.ts";
import type { SipSocket, WireMessage } from "./sip-socket.ts";

const invite = Buffer.from("INVITE sip:bob@example.test SIP/2.0\r\n\r\n");
const ok = Buffer.from("SIP/2.0 200 OK\r\n\r\n");

interface Stand {
  readonly wire: MemoryWire;
  readonly listener: SipListener;
  readonly flows: readonly SipSocket[];
  readonly taps: readonly WireMessage[];
  readonly ends: readonly string[];
  connect(): MemoryConnection & { readonly got: readonly string[]; readonly isClosed: () => boolean };
}

async function stand(transport: Transport): Promise<Stand> {
  const wire = memoryWire();
  const flows: SipSocket[] = [];
  const taps: WireMessage[] = [];
  const ends: string[] = [];
  const listener = await wire.listen({
    transport,
    flow: transport,
    tap: (message) => void taps.push(message),
    onFlow: (flow) => void flows.push(flow),
    onClose: (flow, why, by) => void ends.push(`${flow} ${by}: ${why}`),
  });
  return {
    wire,
    listener,
    flows,
    taps,
    ends,
    connect() {
      const got: string[] = [];
      let closed = false;
      const connection = wire.connect({
        transport,
        onMessage: (bytes) => void got.push(Buffer.from(bytes).toString()),
        onClose: () => (closed = true),
      });
      return { ...connection, got, isClosed: () => closed };
    },
  };
}

/** Everything that was on its way has come. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}

describe("SIP within this thread", () => {
  test.each(["udp", "tcp", "tls", "ws"] as const)("messages cross %s both ways, and are tapped", async (transport) => {
    const { connect, flows, taps } = await stand(transport);
    const app = connect();
    app.send(invite);
    await quiet();
    flows[0]!.send(ok);
    await quiet();
    expect(app.got).toEqual([ok.toString()]);
    expect(taps.map(({ direction, flow, peer }) => [direction, flow, peer])).toEqual([
      ["in", `${transport}/1`, app.local],
      ["out", `${transport}/1`, app.local],
    ]);
  });

  test("each message is handled in a turn of its own, in order", async () => {
    const { connect, taps } = await stand("tcp");
    const app = connect();
    const order: string[] = [];
    app.send(invite);
    app.send(ok);
    void Promise.resolve().then(() => order.push(`then ${taps.length}`));
    await quiet();
    expect(order).toEqual(["then 0"]);
    expect(taps.map(({ bytes }) => bytes)).toEqual([invite, ok]);
  });

  test("connections have addresses of their own", async () => {
    const { connect } = await stand("udp");
    expect(connect().local.port).not.toBe(connect().local.port);
  });

  test("an app that closes a stream ends its flow, and of UDP nobody hears", async () => {
    const tcp = await stand("tcp");
    tcp.connect().close();
    const udp = await stand("udp");
    const phone = udp.connect();
    phone.send(invite);
    await quiet();
    phone.close();
    await quiet();
    expect(tcp.ends).toEqual(["tcp/1 peer: closed by the app"]);
    expect(udp.ends).toEqual([]);
    udp.flows[0]!.send(ok);
    await quiet();
    expect(phone.got).toEqual([]);
  });

  test("a stream that RingTrue drops is closed to the app, and carries nothing more", async () => {
    const { connect, flows, taps } = await stand("ws");
    const app = connect();
    flows[0]!.drop();
    await quiet();
    expect(app.isClosed()).toBe(true);
    app.send(invite);
    await quiet();
    expect(taps).toEqual([]);
  });

  test("datagrams after the end of their flow make another flow", async () => {
    const { connect, flows } = await stand("udp");
    const app = connect();
    app.send(invite);
    await quiet();
    await flows[0]!.close();
    app.send(invite);
    await quiet();
    expect(flows.map(({ flow }) => flow)).toEqual(["udp/1", "udp/2"]);
  });

  test("a datagram goes where it is sent to, and to an address that nobody has, nowhere", async () => {
    const { connect, flows } = await stand("udp");
    const [one, other] = [connect(), connect()];
    one.send(invite);
    await quiet();
    flows[0]!.send(ok, { to: other.local });
    flows[0]!.send(invite, { to: { host: "127.0.0.1", port: 1 } });
    await quiet();
    expect([one.got, other.got]).toEqual([[], [ok.toString()]]);
  });

  test("a keep-alive gets its pong on streams and is no message", async () => {
    const { connect, taps } = await stand("tcp");
    const app = connect();
    app.send(Buffer.from("\r\n\r\n"));
    app.send(Buffer.from("\r\n"));
    await quiet();
    expect(app.got).toEqual(["\r\n"]);
    expect(taps).toEqual([]);
  });

  test("where nobody listens there is nobody to connect to", async () => {
    const { wire, listener } = await stand("udp");
    const connect = (transport: Transport): unknown =>
      wire.connect({ transport, onMessage: () => {}, onClose: () => {} });
    expect(() => connect("ws")).toThrow("does not listen on ws");
    await listener.close();
    expect(() => connect("udp")).toThrow("does not listen on udp");
  });
});
