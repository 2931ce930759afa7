import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import * as fc from "fast-check";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { Address, SipSocket, SocketOptions, WireFate, WireMessage } from "./sip-socket.ts";
import { openTcpConnection } from "./tcp-connection.ts";
import { waiter } from "./testing/call-kit.ts";
import { testCertificates } from "./testing/test-certificate.ts";
import { openTlsConnection } from "./tls-connection.ts";
import { openUdpSocket } from "./udp-socket.ts";
import { openWebSocketConnection } from "./websocket-connection.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const message = (name: string): Buffer => Buffer.from(`OPTIONS sip:${name}@x SIP/2.0\r\nContent-Length: 0\r\n\r\n`);

const transports = ["udp", "tcp", "tls", "ws", "wss"] as const;
type Kind = (typeof transports)[number];

let certificates: Awaited<ReturnType<typeof testCertificates>>;
beforeAll(async () => {
  certificates = await testCertificates();
});

/** Connections the peers took; with TLS 1.3 that is after our side says it is connected. */
const taken = waiter<string>("connection");

/** A plain peer on every transport that notes what it reads and can write back. */
async function peer() {
  const got = waiter<string>("datagram or chunk");
  const udp = createSocket("udp4").bind(0, "127.0.0.1");
  const streams: Socket[] = [];
  const ended = waiter<string>("end of a stream");
  const serve = (stream: Socket): void => {
    streams.push(stream);
    taken.push("stream");
    stream.on("data", (chunk) => got.push(chunk.toString()));
    stream.on("end", () => ended.push("end"));
    stream.on("error", (error) => ended.push((error as NodeJS.ErrnoException).code ?? ""));
  };
  const webSockets: WebSocket[] = [];
  const serveWebSocket = (webSocket: WebSocket): void => {
    webSockets.push(webSocket);
    taken.push("WebSocket");
    webSocket.on("message", (data) => got.push((data as Buffer).toString()));
    webSocket.on("close", (code) => ended.push(code === 1000 ? "end" : "ECONNRESET"));
    webSocket.on("error", () => {});
  };
  const { certPem: cert, keyPem: key } = certificates.own;
  const https = createHttpsServer({ cert, key });
  const http = createHttpServer();
  for (const server of [http, https])
    new WebSocketServer({ server, handleProtocols: () => "sip" }).on("connection", serveWebSocket);
  const servers = { tcp: createServer(serve), tls: createTlsServer({ cert, key }, serve), ws: http, wss: https };
  for (const server of Object.values(servers)) server.listen(0, "127.0.0.1");
  await Promise.all([udp, ...Object.values(servers)].map((server) => once(server, "listening")));
  udp.on("message", (bytes) => got.push(bytes.toString()));
  onTestFinished(() => {
    udp.close();
    for (const server of Object.values(servers)) server.close();
    for (const stream of streams) stream.destroy();
    for (const webSocket of webSockets) webSocket.terminate();
  });
  const at = (server: { address(): unknown }) => ({
    host: "127.0.0.1",
    port: (server.address() as { port: number }).port,
  });
  return {
    got,
    ended,
    streams,
    webSockets,
    target: {
      udp: at(udp),
      tcp: at(servers.tcp),
      tls: at(servers.tls),
      ws: at(servers.ws),
      wss: at(servers.wss),
    } satisfies Record<Kind, Address>,
    write(transport: Kind, bytes: Uint8Array, to: SipSocket) {
      if (transport === "udp") udp.send(bytes, to.local.port, to.local.host);
      else if (transport === "ws" || transport === "wss") webSockets.at(-1)?.send(bytes);
      else streams.at(-1)?.write(bytes);
    },
  };
}

function opener(transport: Kind, options: SocketOptions): Promise<SipSocket> {
  const trust = { caPem: certificates.caPem };
  switch (transport) {
    case "udp":
      return openUdpSocket(options);
    case "tcp":
      return openTcpConnection(options);
    case "tls":
      return openTlsConnection({ ...options, trust });
    case "ws":
      return openWebSocketConnection(options);
    case "wss":
      return openWebSocketConnection({ ...options, trust, path: "/sip" });
  }
}

async function open(
  transport: Kind,
  target: SocketOptions["target"],
  options: Partial<SocketOptions> = {},
): Promise<{ socket: SipSocket; tapped: ReturnType<typeof waiter<WireMessage>>; ends: string[] }> {
  const tapped = waiter<WireMessage>("tapped message");
  const ends: string[] = [];
  const before = taken.all.length;
  const socket = await opener(transport, {
    target,
    flow: "flow-1",
    tap: tapped.push,
    onClose: (why) => ends.push(why),
    ...options,
  });
  onTestFinished(() => socket.close());
  if (transport !== "udp" && socket.state() === "open") await taken.find(() => taken.all.length > before);
  return { socket, tapped, ends };
}

describe.each(transports)("a %s socket", (transport) => {
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
    expect(socket.state()).toBe("silent");
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
    expect(socket.state()).toBe("closed");
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

describe.each(["tcp", "tls", "ws", "wss"] as const)("a %s connection", (transport) => {
  test("is born closed when the target refuses it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => void server.close(resolve));
    const { socket, ends } = await open(transport, { host: "127.0.0.1", port });
    expect(socket.state()).toBe("closed");
    expect(ends).toHaveLength(1);
    expect(ends[0]).toContain("ECONNREFUSED");
  });

  test("reports that the peer cut it", async () => {
    const far = await peer();
    const ends = waiter<string>("end");
    await open(transport, far.target[transport], { onClose: ends.push });
    for (const stream of far.streams) stream.destroy();
    for (const webSocket of far.webSockets) webSocket.terminate();
    expect(await ends.find(() => true)).toMatch(/ECONNRESET|closed by the peer/);
  });

  test("ends with FIN when closed and with RST when dropped", async () => {
    const far = await peer();
    const closed = await open(transport, far.target[transport]);
    await closed.socket.close();
    expect(await far.ended.find(() => true)).toBe("end");
    const dropped = await open(transport, far.target[transport]);
    // Within the first moment of a TLS connection Node reports a reset as an end.
    far.write(transport, message("hello"), dropped.socket);
    await dropped.tapped.find((seen) => seen.direction === "in");
    dropped.socket.drop();
    expect(await far.ended.find((how) => how !== "end")).toBe("ECONNRESET");
  });
});

describe.each(["tcp", "tls"] as const)("a stream over %s", (transport) => {
  test("finds the same messages however the bytes are cut", async () => {
    const far = await peer();
    const names = ["a", "b", "c"];
    const stream = Buffer.concat(names.map(message));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 6 }), async (cuts) => {
        const { socket, tapped } = await open(transport, far.target[transport]);
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

describe("a WebSocket", () => {
  test("is one message per WebSocket message, text where it can be, whatever is in it", async () => {
    const far = await peer();
    const { socket, tapped } = await open("ws", far.target.ws);
    const binary = new Promise<boolean>((resolve) =>
      far.webSockets[0]?.once("message", (_, isBinary) => resolve(isBinary)),
    );
    socket.send(message("text"));
    expect(await binary).toBe(false);
    const notText = Buffer.from([0x53, 0xff, 0xfe]);
    const second = new Promise<boolean>((resolve) =>
      far.webSockets[0]?.once("message", (_, isBinary) => resolve(isBinary)),
    );
    socket.send(notText);
    expect(await second).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        fc.pre(!bytes.every((byte) => byte === 10 || byte === 13));
        far.webSockets[0]?.send(bytes);
        const before = tapped.all.length;
        const seen = await tapped.find((one) => one.direction === "in" && tapped.all.indexOf(one) >= before);
        expect(Buffer.from(seen.bytes).equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("takes line ends for keep-alives, and a broken frame for the end", async () => {
    const far = await peer();
    const ends = waiter<string>("end");
    const garbage: string[] = [];
    const { tapped } = await open("ws", far.target.ws, {
      onClose: ends.push,
      onGarbage: (_, why) => garbage.push(why),
    });
    far.webSockets[0]?.send("\r\n");
    far.webSockets[0]?.send(message("real"));
    await tapped.find((seen) => seen.direction === "in");
    expect(tapped.all).toHaveLength(1);
    // A reserved opcode (RFC 6455 section 5.2).
    (far.webSockets[0] as unknown as { readonly _socket: Socket })._socket.write(Buffer.from([0x83, 0x00]));
    expect(await ends.find(() => true)).toMatch(/opcode/);
    expect(garbage).toHaveLength(1);
  });

  test("is refused by a server that does not agree on the subprotocol", async () => {
    const server = createHttpServer();
    const sockets = new WebSocketServer({ server, handleProtocols: () => false });
    onTestFinished(() => sockets.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as { readonly port: number };
    const { socket, ends } = await open("ws", { host: "127.0.0.1", port });
    expect(socket.state()).toBe("closed");
    expect(ends[0]).toContain("subprotocol");
  });
});

describe("a TLS connection", () => {
  test.each([
    ["a stranger's certificate", "127.0.0.1", true],
    ["a certificate for another name", "sip.acme.test", false],
  ])("is born closed for %s", async (_, serverName, stranger) => {
    const far = await peer();
    const caPem = stranger ? (await testCertificates()).caPem : certificates.caPem;
    const ends: string[] = [];
    const socket = await openTlsConnection({
      target: far.target.tls,
      flow: "flow",
      tap: () => {},
      trust: { caPem, serverName },
      onClose: (why) => ends.push(why),
    });
    expect(socket.state()).toBe("closed");
    expect(ends[0]).toMatch(/^TLS: /);
  });
});
