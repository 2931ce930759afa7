import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SipSocket, SocketOptions, WireFate, WireMessage } from "./sip-socket.ts";
import { openTcpConnection } from "./tcp-connection.ts";
import { waiter } from "./testing/call-kit.ts";
import { openUdpSocket } from "./udp-socket.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const message = (name: string): Buffer => Buffer.from(`OPTIONS sip:${name}@x SIP/2.0\r\nContent-Length: 0\r\n\r\n`);

/** A plain peer on both transports that notes what it reads and can write back. */
async function peer() {
  const got = waiter<string>("datagram or chunk");
  const udp = createSocket("udp4").bind(0, "127.0.0.1");
  const streams: Socket[] = [];
  const ended = waiter<string>("end of a stream");
  const server = createServer((stream) => {
    streams.push(stream);
    stream.on("data", (chunk) => got.push(chunk.toString()));
    stream.on("end", () => ended.push("end"));
    stream.on("error", (error) => ended.push((error as NodeJS.ErrnoException).code ?? ""));
  }).listen(0, "127.0.0.1");
  await Promise.all([once(udp, "listening"), once(server, "listening")]);
  udp.on("message", (bytes) => got.push(bytes.toString()));
  onTestFinished(() => {
    udp.close();
    server.close();
    for (const stream of streams) stream.destroy();
  });
  const port = (server.address() as { port: number }).port;
  return {
    got,
    ended,
    streams,
    target: { udp: { host: "127.0.0.1", port: udp.address().port }, tcp: { host: "127.0.0.1", port } },
    write(transport: "udp" | "tcp", bytes: Uint8Array, to: SipSocket) {
      if (transport === "udp") udp.send(bytes, to.local.port, to.local.host);
      else streams.at(-1)?.write(bytes);
    },
  };
}

async function open(
  transport: "udp" | "tcp",
  target: SocketOptions["target"],
  options: Partial<SocketOptions> = {},
): Promise<{ socket: SipSocket; tapped: ReturnType<typeof waiter<WireMessage>>; ends: string[] }> {
  const tapped = waiter<WireMessage>("tapped message");
  const ends: string[] = [];
  const opener = transport === "udp" ? openUdpSocket : openTcpConnection;
  const socket = await opener({
    target,
    flow: "flow-1",
    tap: tapped.push,
    onClose: (why) => ends.push(why),
    ...options,
  });
  onTestFinished(() => socket.close());
  return { socket, tapped, ends };
}

describe.each(["udp", "tcp"] as const)("a %s socket", (transport) => {
  test("hands a message to the tap before its receiver, and writes what it taps", async () => {
    const far = await peer();
    const { socket, tapped } = await open(transport, far.target[transport]);
    const order: string[] = [];
    socket.receive({
      message: (bytes) => order.push(`processed ${tapped.all.length} ${text(bytes)}`),
      closed: () => {},
    });
    socket.send(message("out"));
    await far.got.find((seen) => seen === text(message("out")));
    far.write(transport, message("in"), socket);
    await tapped.find((seen) => seen.direction === "in");
    expect(order).toEqual([`processed 2 ${text(message("in"))}`]);
    expect(
      tapped.all.map(({ direction, fate, flow, retransmission }) => [direction, fate, flow, retransmission]),
    ).toEqual([
      ["out", "delivered", "flow-1", false],
      ["in", "delivered", "flow-1", false],
    ]);
  });

  test("loses and doubles what the filter says, and says so in the tap", async () => {
    const far = await peer();
    const fates: Record<string, WireFate> = { lost: "lose", twice: "duplicate" };
    const { socket, tapped } = await open(transport, far.target[transport], {
      filter: (_, bytes) => fates[/sip:(\w+)/.exec(text(bytes))?.[1] ?? ""] ?? "deliver",
    });
    const processed: string[] = [];
    socket.receive({ message: (bytes) => processed.push(/sip:(\w+)/.exec(text(bytes))?.[1] ?? ""), closed: () => {} });
    for (const name of ["lost", "twice", "last"]) socket.send(message(name));
    for (const name of ["lost", "twice", "last"]) far.write(transport, message(name), socket);
    await tapped.find((seen) => seen.direction === "in" && text(seen.bytes).includes("last"));
    await far.got.find(() => far.got.all.join("").includes("last"));
    expect(tapped.all.filter((seen) => seen.direction === "in").map((seen) => seen.fate)).toEqual([
      "lost",
      "delivered",
      "duplicate",
      "delivered",
    ]);
    expect(processed).toEqual(["twice", "twice", "last"]);
    expect(far.got.all.join("").match(/sip:\w+/g)).toEqual(["sip:twice", "sip:twice", "sip:last"]);
  });

  test("records while silent, and neither processes nor writes", async () => {
    const far = await peer();
    const { socket, tapped } = await open(transport, far.target[transport]);
    const processed: string[] = [];
    socket.receive({ message: (bytes) => processed.push(text(bytes)), closed: () => {} });
    socket.silence();
    socket.send(message("out"));
    far.write(transport, message("in"), socket);
    await tapped.find((seen) => seen.direction === "in");
    expect(processed).toEqual([]);
    expect(tapped.all.map((seen) => seen.direction)).toEqual(["in"]);
    expect(socket.state).toBe("silent");
  });

  test("says once that it is closed, and does nothing afterwards", async () => {
    const far = await peer();
    const { socket, tapped, ends } = await open(transport, far.target[transport]);
    await socket.close();
    await socket.close();
    socket.drop();
    socket.silence();
    socket.send(message("late"));
    expect(ends).toEqual(["closed by us"]);
    expect(tapped.all).toEqual([]);
    expect(socket.state).toBe("closed");
  });
});

describe("a UDP socket", () => {
  test("takes keep-alives for no message", async () => {
    const far = await peer();
    const { socket, tapped } = await open("udp", far.target.udp);
    for (const keepAlive of ["", "\r\n", "\r\n\r\n"]) far.write("udp", Buffer.from(keepAlive), socket);
    far.write("udp", message("real"), socket);
    await tapped.find((seen) => seen.direction === "in");
    expect(tapped.all.length).toBe(1);
  });

  test("lives when nothing listens where it writes", async () => {
    const gone = await openUdpSocket({ target: { host: "127.0.0.1", port: 9 }, flow: "gone", tap: () => {} });
    await gone.close();
    const { socket } = await open("udp", gone.local);
    socket.send(message("to nobody"));
    const far = await peer();
    socket.send(message("to somebody"), { to: far.target.udp });
    expect(await far.got.find(() => true)).toContain("somebody");
  });

  test("reports an address it cannot write to instead of throwing", async () => {
    const troubles = waiter<string>("trouble");
    const { socket } = await open("udp", { host: "127.0.0.1", port: 9 }, { onTrouble: troubles.push });
    socket.send(message("x"), { to: { host: "127.0.0.1", port: 70_000 } });
    expect(await troubles.find(() => true)).toContain("70000");
  });
});

describe("a TCP connection", () => {
  test("is born closed when the target refuses it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => void server.close(resolve));
    const { socket, ends } = await open("tcp", { host: "127.0.0.1", port });
    expect(socket.state).toBe("closed");
    expect(ends).toHaveLength(1);
    expect(ends[0]).toContain("ECONNREFUSED");
  });

  test("reports a reset by the peer as its end", async () => {
    const far = await peer();
    const ends = waiter<string>("end");
    await open("tcp", far.target.tcp, { onClose: ends.push });
    far.streams[0]?.resetAndDestroy();
    expect(await ends.find(() => true)).toMatch(/ECONNRESET|closed by the peer/);
  });

  test("ends with FIN when closed and with RST when dropped", async () => {
    const far = await peer();
    const closed = await open("tcp", far.target.tcp);
    await closed.socket.close();
    expect(await far.ended.find(() => true)).toBe("end");
    const dropped = await open("tcp", far.target.tcp);
    dropped.socket.drop();
    expect(await far.ended.find((how) => how !== "end")).toBe("ECONNRESET");
  });

  test("finds the same messages however the bytes are cut", async () => {
    const far = await peer();
    const names = ["a", "b", "c"];
    const stream = Buffer.concat(names.map(message));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 6 }), async (cuts) => {
        const { socket, tapped } = await open("tcp", far.target.tcp);
        socket.send(message("hello"));
        await far.got.find((seen) => seen.includes("hello"));
        const edges = [0, ...[...new Set(cuts)].sort((a, b) => a - b), stream.length];
        for (const [index, edge] of edges.slice(1).entries())
          far.write("tcp", stream.subarray(edges[index], edge), socket);
        const received = () => tapped.all.filter((seen) => seen.direction === "in");
        await tapped.find(() => received().length === names.length);
        expect(received().map((seen) => text(seen.bytes))).toEqual(names.map((name) => text(message(name))));
        await socket.close();
      }),
      { numRuns: 10 },
    );
  });
});
