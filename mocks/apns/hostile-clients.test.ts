import { connect as connectHttp2, constants } from "node:http2";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goodHeaders, send, startApnsBench } from "./testing/apns-bench.ts";
import type { ApnsBench } from "./testing/apns-bench.ts";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const GOAWAY = 7;
const REQUEST_DEADLINE_MS = 10_000;
const PING_PERIOD_MS = 30_000;

let bench: ApnsBench;
beforeEach(async () => {
  bench = await startApnsBench();
});
afterEach(async () => {
  await bench.close();
});

/** A TLS client that keeps to no protocol. Resolves once the handshake is over; rejects when it fails. */
async function rawClient(more: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host: "127.0.0.1",
      port: bench.server.port,
      ca: bench.authority.caPem,
      ALPNProtocols: ["h2"],
      ...more,
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.on("error", reject);
  });
}

/** The types of the whole frames in the bytes (RFC 9113 section 4.1). */
function frameTypes(bytes: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) types.push(bytes[at + 3]!);
  return types;
}

/** A client that sent a frame larger than it may be and has seen the GOAWAY. */
async function oversizedFrame(): Promise<TLSSocket> {
  const socket = await rawClient();
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (frameTypes(received).includes(GOAWAY)) resolve(socket);
    });
    socket.write(Buffer.concat([PREFACE, EMPTY_SETTINGS, Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])]));
  });
}

const failures = () => bench.connections.filter((event) => event.kind === "connection.failed");

/** The status of a good push over a fresh connection. */
async function statusNow(): Promise<number> {
  return (await send(bench.connect(), goodHeaders(bench))).status;
}

describe("the simulated APNs outlives", () => {
  test("bytes that are not TLS", async () => {
    const socket = connectTcp(bench.server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\n\r\n");
    await bench.until("a failure", () => failures().length === 1);
    expect(failures()[0]).toMatchObject({ why: expect.stringContaining("TLS") });
    socket.destroy();
    expect(await statusNow()).toBe(200);
  });

  test("a client that speaks HTTP/1.1 only", async () => {
    await expect(rawClient({ ALPNProtocols: ["http/1.1"] })).rejects.toThrow(/no application protocol/i);
    await bench.until("a failure", () => failures().length === 1);
    expect(await statusNow()).toBe(200);
  });

  test("a client that does not negotiate a protocol", async () => {
    const socket = await rawClient({ ALPNProtocols: [] });
    socket.write("POST /3/device/00 HTTP/1.1\r\n\r\n");
    await bench.until("a failure", () => failures().length === 1);
    expect(failures()[0]).toMatchObject({ why: expect.stringContaining("ALPN") });
    expect(await statusNow()).toBe(200);
  });

  test("TLS 1.1", async () => {
    await expect(rawClient({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" })).rejects.toThrow(
      /protocol/i,
    );
    await bench.until("a failure", () => failures().length === 1);
    expect(await statusNow()).toBe(200);
  });

  test("garbage in place of the connection preface", async () => {
    const socket = await rawClient();
    socket.write(Buffer.alloc(100, "x"));
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
    expect(bench.connections.map(({ kind }) => kind)).toEqual([
      "connection.opened",
      "connection.failed",
      "connection.closed",
    ]);
    expect(await statusNow()).toBe(200);
  });

  test("a client that says nothing after the handshake", async () => {
    await rawClient();
    await bench.until("the connection", () => bench.connections.length === 1);
    bench.clock.advance(PING_PERIOD_MS);
    bench.clock.advance(PING_PERIOD_MS);
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
    expect(failures()).toHaveLength(1);
    expect(await statusNow()).toBe(200);
  });

  test("a frame that breaks off", async () => {
    const socket = await rawClient();
    socket.write(Buffer.concat([PREFACE, EMPTY_SETTINGS, Buffer.from([0, 1, 0, 1, 4, 0, 0, 0, 1, 0x82])]));
    socket.end();
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
    expect(await statusNow()).toBe(200);
  });

  test("a frame larger than it may be, to which it says GOAWAY", async () => {
    (await oversizedFrame()).destroy();
    bench.clock.advance(PING_PERIOD_MS);
    bench.clock.advance(PING_PERIOD_MS);
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
    expect(failures()).toHaveLength(1);
    expect(await statusNow()).toBe(200);
  });

  test("a session that ended itself, when the server closes", async () => {
    await oversizedFrame();
    await bench.server.close();
    expect(bench.clock.pending()).toBe(0);
  });

  test("header fields without end", async () => {
    const session = bench.connect();
    const flood = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x-${index}`, "x".repeat(100)]));
    await expect(send(session, { ...goodHeaders(bench), ...flood })).rejects.toThrow("NGHTTP2_ENHANCE_YOUR_CALM");
    expect(bench.pushes).toEqual([]);
    expect(await statusNow()).toBe(200);
  });

  test("a body of a megabyte, of which it keeps 64 KiB", async () => {
    const answer = await send(bench.connect(), goodHeaders(bench), "x".repeat(1_048_576));
    expect(answer).toMatchObject({ status: 413, body: { reason: "PayloadTooLarge" } });
    expect(bench.pushes[0]?.body).toHaveLength(65_536);
    expect(await statusNow()).toBe(200);
  });

  test("many such bodies on one connection", async () => {
    const session = bench.connect();
    const headers = goodHeaders(bench);
    for (let i = 0; i < 20; i++) {
      expect(await send(session, headers, "x".repeat(200_000))).toMatchObject({ status: 413 });
    }
    expect(await send(session, headers)).toMatchObject({ status: 200 });
  });

  test("a body that stalls", async () => {
    const session = bench.connect();
    const stream = session.request(goodHeaders(bench));
    const closed = new Promise((resolve) => {
      stream.on("error", () => {});
      stream.once("close", resolve);
    });
    stream.write("{");
    // Its answer shows that the server has seen the stream before it.
    await send(session, goodHeaders(bench));
    bench.clock.advance(REQUEST_DEADLINE_MS);
    await closed;
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
    expect(failures()).toHaveLength(1);
    expect(bench.pushes).toHaveLength(1);
    expect(await statusNow()).toBe(200);
  });

  test("streams that are reset as fast as they are opened", async () => {
    const session = bench.connect();
    const headers = goodHeaders(bench);
    for (let i = 0; i < 500; i++) {
      const stream = session.request(headers);
      stream.on("error", () => {});
      stream.close(constants.NGHTTP2_CANCEL);
    }
    expect(await send(session, headers)).toMatchObject({ status: 200 });
    expect(await statusNow()).toBe(200);
  });

  test("a quiet client, whose connection stays up", async () => {
    const session = bench.connect();
    await send(session, goodHeaders(bench));
    for (let i = 0; i < 5; i++) {
      const pinged = new Promise((resolve) => {
        session.once("ping", resolve);
      });
      bench.clock.advance(PING_PERIOD_MS);
      await pinged;
      // Its answer comes after the acknowledgement.
      expect(await send(session, goodHeaders(bench))).toMatchObject({ status: 200 });
    }
    expect(failures()).toEqual([]);
  });

  test("a client that vanishes in the middle of a push", async () => {
    const session = bench.connect();
    const stream = session.request(goodHeaders(bench));
    stream.on("error", () => {});
    stream.write("{");
    await bench.until("the connection", () => bench.connections.length === 1);
    session.destroy();
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
    expect(bench.pushes).toEqual([]);
    expect(bench.clock.pending()).toBe(0);
    expect(await statusNow()).toBe(200);
  });

  test.each(["before its first frame", "in the middle of a push"])(
    "a client that resets the connection %s",
    async (when) => {
      // TLS over a TCP socket of our own, which can be reset.
      const tcp = connectTcp(bench.server.port, "127.0.0.1");
      tcp.on("error", () => {});
      const socket = await rawClient({ socket: tcp });
      socket.on("error", () => {});
      if (when !== "before its first frame") {
        const session = connectHttp2(bench.server.url, { createConnection: () => socket });
        session.on("error", () => {});
        const stream = session.request(goodHeaders(bench));
        stream.on("error", () => {});
        stream.write("{");
        await send(session, goodHeaders(bench));
      }
      await bench.until("the connection", () => bench.connections[0]?.kind === "connection.opened");
      tcp.resetAndDestroy();
      // A reset right after the handshake can pass Node by: then the PING finds it.
      bench.clock.advance(PING_PERIOD_MS);
      bench.clock.advance(PING_PERIOD_MS);
      await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
      expect(await statusNow()).toBe(200);
    },
  );

  test("more than 256 connections, which it refuses", async () => {
    const sockets = Array.from({ length: 260 }, () => {
      const socket = connectTcp(bench.server.port, "127.0.0.1");
      socket.on("error", () => {});
      return socket;
    });
    await bench.until("four refusals", () => failures().length === 4);
    expect(failures()[0]).toMatchObject({ why: expect.stringContaining("256") });
    for (const socket of sockets) socket.destroy();
  });
});
