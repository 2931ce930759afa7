import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLIENT_PREFACE, FLAG, FRAME, frameOf } from "./frame.ts";
import type { HttpAnswer } from "./http-exchange.ts";
import {
  CLIENT_HELLO,
  dataFrame,
  headerBlock,
  headersFrame,
  numberFrame,
  pingFrame,
  PLAIN,
  REQUEST,
  settingsFrame,
} from "./testing/client-frames.ts";
import { hpackEncoder } from "./testing/hpack-encoder.ts";
import { LIMITS, send, startHttpBench } from "./testing/http-bench.ts";
import type { HttpBench } from "./testing/http-bench.ts";
import { readFrames } from "./testing/raw-client.ts";

const PING_PERIOD_MS = 30_000;
const LARGE_BODY = "x".repeat(100_000);

let bench: HttpBench;
/** A client that was there before and does nothing wrong. */
let bystander: ClientHttp2Session;
beforeEach(async () => {
  bench = await startHttpBench(({ path }): HttpAnswer => {
    const body = path === "/large" ? LARGE_BODY : undefined;
    return { kind: "respond", status: 200, headers: [], ...(body === undefined ? {} : { body }) };
  });
  bystander = bench.connect();
  await send(bystander);
});
afterEach(async () => {
  await expectNobodyElseDisturbed();
  await bench.close();
  expectNothingPending();
});

async function expectNobodyElseDisturbed(): Promise<void> {
  const [before, after] = [await send(bystander), await send(bench.connect())];
  expect([before.status, after.status]).toEqual([200, 200]);
}

function expectNothingPending(): void {
  expect(bench.clock.pending()).toBe(0);
}

function tcpClient(): Socket {
  const socket = connectTcp(bench.listener.port, "127.0.0.1");
  socket.on("error", () => {});
  return socket;
}

/** A TLS client that has negotiated `protocol` and reads what comes. */
async function rawClient(protocol = "h2"): Promise<TLSSocket> {
  const socket = await bench.connectRaw({ ALPNProtocols: [protocol] });
  socket.on("error", () => {});
  socket.resume();
  return socket;
}

/** Waits until the connection of the test is closed; why it failed before. */
async function whyItEnded(id = "test-2"): Promise<readonly string[]> {
  await bench.until(`the end of ${id}`, () =>
    bench.events.some((event) => event.kind === "closed" && event.connection.id === id),
  );
  return bench.failures();
}

/** Frames over and over, sent until the connection is gone. */
async function flood(socket: TLSSocket, frame: Buffer, count: number): Promise<void> {
  const chunk = Buffer.concat(Array.from<Buffer>({ length: 100 }).fill(frame));
  for (let sent = 0; sent < count && socket.writable; sent += 100) socket.write(chunk);
}

/** Keeps the session of the bystander alive while time passes. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= PING_PERIOD_MS) {
    bench.clock.advance(Math.min(left, PING_PERIOD_MS));
    // The first answer comes after a PING, and the second request after its acknowledgement.
    await send(bystander);
    await send(bystander);
  }
}

describe("of TLS, an HTTP listener outlives", () => {
  test("bytes that are none", async () => {
    tcpClient().write("GET / HTTP/1.1\r\n\r\n");
    await bench.until("a failure", () => bench.failures().length === 1);
    expect(bench.failures()).toEqual(["TLS: the client speaks HTTP without TLS (http request)"]);
  });

  test.each([
    ["that never begins", []],
    ["that comes byte by byte", [0x16, 0x03, 0x01]],
  ])("a handshake %s", async (_what, bytes) => {
    const socket = tcpClient();
    const closed = new Promise((resolve) => {
      socket.once("close", resolve);
    });
    await new Promise((resolve) => {
      socket.once("connect", resolve);
    });
    for (const byte of bytes) socket.write(Buffer.from([byte]));
    // Answered after the connection before it was taken.
    await send(bench.connect());
    bench.clock.advance(LIMITS.handshakeMs);
    await closed;
    await bench.until("a failure", () => bench.failures().length === 1);
    expect(bench.failures()).toEqual(["TLS: the handshake was not complete in time"]);
  });

  test("a handshake that is broken off", async () => {
    const socket = tcpClient();
    socket.end(Buffer.from([0x16, 0x03, 0x01]));
    await bench.until("a failure", () => bench.failures().length === 1);
    expect(bench.failures()[0]).toMatch(/^TLS: /);
  });

  test("a client for Node.js that does not know the authority", async () => {
    const client = bench.connectRaw({ ca: [], rejectUnauthorized: true });
    await expect(client).rejects.toThrow(/certificate/);
    await bench.until("a failure", () => bench.failures().length === 1);
    expect(bench.failures()[0]).toMatch(/^TLS: the client broke the handshake off, as clients .* do not trust/);
  });

  test("an old version", async () => {
    await expect(
      bench.connectRaw({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" }),
    ).rejects.toThrow(/protocol/i);
    await bench.until("a failure", () => bench.failures().length === 1);
    expect(bench.failures()).toEqual(["TLS: the client offers no TLS version from 1.2 on (unsupported protocol)"]);
  });

  test("a client that offers no protocol", async () => {
    const socket = await bench.connectRaw({ ALPNProtocols: [] });
    socket.on("error", () => {});
    socket.write("POST / HTTP/1.1\r\n\r\n");
    await bench.until("a failure", () => bench.failures().length === 1);
    expect(bench.failures()[0]).toContain("ALPN");
  });

  test("a client that offers another protocol", async () => {
    await expect(bench.connectRaw({ ALPNProtocols: ["spdy/3"] })).rejects.toThrow(/no application protocol/i);
    await bench.until("a failure", () => bench.failures().length === 1);
    expect(bench.failures()).toEqual([
      "TLS: the client did not offer h2 or http/1.1 by ALPN (no application protocol)",
    ]);
  });

  test("more connections than it takes", async () => {
    const sockets = Array.from({ length: LIMITS.connections + 3 }, tcpClient);
    await bench.until("refusals", () => bench.failures().length === 4);
    expect(bench.failures()).toEqual(Array.from({ length: 4 }, () => `more than ${LIMITS.connections} connections`));
    for (const socket of sockets) socket.destroy();
    await bench.until("them gone", () => bench.failures().length === 4 + LIMITS.connections - 1);
  });
});

describe("of HTTP/2, an HTTP listener cuts off", () => {
  test.each([
    ["garbage in place of the preface", Buffer.alloc(100, "x"), /^HTTP\/2: .*magic/i],
    ["HTTP/1.1", Buffer.from("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n"), /^HTTP\/2: .*magic/i],
    ["a frame larger than it may be", frameOf(FRAME.data, 0, 1, Buffer.alloc(20_000)), /FRAME_SIZE_ERROR/],
    ["a body without a request", dataFrame(1, Buffer.from("x")), /protocol.error/i],
    ["a request on an even stream", headersFrame(2), /protocol.error/i],
    ["a request on no stream", headersFrame(0), /protocol.error/i],
    ["a PING of seven bytes", frameOf(FRAME.ping, 0, 0, Buffer.alloc(7)), /FRAME_SIZE_ERROR/],
    ["SETTINGS of five bytes", frameOf(FRAME.settings, 0, 0, Buffer.alloc(5)), /FRAME_SIZE_ERROR/],
    ["a window of nothing", numberFrame(FRAME.windowUpdate, 0, 0), /protocol.error/i],
    [
      "padding longer than its frame",
      frameOf(FRAME.headers, FLAG.padded | FLAG.endHeaders, 1, Buffer.from([9, 0x82])),
      /protocol.error/i,
    ],
    [
      "a header block that cannot be decoded",
      headersFrame(1, Buffer.from("ff20", "hex")),
      /COMPRESSION_ERROR|decompress/i,
    ],
    ["a promise", frameOf(FRAME.pushPromise, FLAG.endHeaders, 1, Buffer.from([0, 0, 0, 2, 0x82])), /protocol.error/i],
    [
      "a header block with another frame in it",
      Buffer.concat([frameOf(FRAME.headers, 0, 1, headerBlock()), pingFrame()]),
      /protocol.error/i,
    ],
  ])("a client that sends %s", async (_what, bytes, why) => {
    const socket = await rawClient();
    socket.write(bytes[0] === 0x78 || bytes[0] === 0x50 ? bytes : Buffer.concat([CLIENT_HELLO, bytes]));
    const reasons = await whyItEnded();
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(why);
  });

  test("tells a client by GOAWAY what it did wrong", async () => {
    const socket = await rawClient();
    const reader = readFrames(socket);
    socket.write(Buffer.concat([CLIENT_HELLO, frameOf(FRAME.data, 0, 1, Buffer.alloc(20_000))]));
    const { payload } = await reader.next("GOAWAY", ({ type }) => type === FRAME.goAway);
    expect(payload.readUInt32BE(4)).toBe(constants.NGHTTP2_FRAME_SIZE_ERROR);
    await whyItEnded();
  });

  test("lets nobody linger who was told and stays", async () => {
    const socket = await bench.connectRaw({ allowHalfOpen: true });
    socket.on("error", () => {});
    socket.write(Buffer.concat([CLIENT_HELLO, dataFrame(1, Buffer.from("x"))]));
    await bench.until("a failure", () => bench.failures().length === 1);
    socket.pause();
    bench.clock.advance(2000);
    expect(await whyItEnded()).toHaveLength(1);
  });

  test.each([
    ["says nothing", Buffer.alloc(0), "the connection preface was not complete in time"],
    ["stops in its preface", CLIENT_PREFACE.subarray(0, 10), "the connection preface was not complete in time"],
    [
      "stops in a frame",
      Buffer.concat([CLIENT_HELLO, Buffer.from([0, 1, 0, 1, 4, 0, 0, 0, 1, 0x82])]),
      "a frame was not complete in time",
    ],
    [
      "stops in the header of a frame",
      Buffer.concat([CLIENT_HELLO, Buffer.from([0])]),
      "a frame was not complete in time",
    ],
    [
      "never ends its header block",
      Buffer.concat([CLIENT_HELLO, frameOf(FRAME.headers, 0, 1, headerBlock())]),
      "a frame was not complete in time",
    ],
    [
      "stops in its body",
      Buffer.concat([
        CLIENT_HELLO,
        headersFrame(1, headerBlock(), false),
        dataFrame(1, Buffer.alloc(9)).subarray(0, 12),
      ]),
      "a frame was not complete in time",
    ],
  ])("a client that %s", async (_what, bytes, why) => {
    const socket = await rawClient();
    socket.write(bytes);
    await bench.until("the connection", () =>
      bench.events.some((event) => event.kind === "opened" && event.connection.id === "test-2"),
    );
    await send(bystander);
    await pass(LIMITS.requestMs - 1);
    expect(bench.failures()).toEqual([]);
    bench.clock.advance(1);
    expect(await whyItEnded()).toContain(`HTTP/2: ${why}`);
  });

  test("a client that sends its header block byte by byte", async () => {
    const socket = await rawClient();
    socket.write(CLIENT_HELLO);
    const reader = readFrames(socket);
    let sent = 0;
    for (const byte of headersFrame(1)) {
      if (sent > 15) break;
      socket.write(Buffer.from([byte]));
      sent += 1;
      await send(bystander);
      bench.clock.advance(1000);
    }
    expect(await whyItEnded()).toContain("HTTP/2: a frame was not complete in time");
    expect(reader.frames.some(({ type }) => type === FRAME.headers)).toBe(false);
  });

  test("a client that stops taking part", async () => {
    const session = bench.connect();
    await send(session);
    const quiet = await rawClient();
    quiet.write(CLIENT_HELLO);
    await send(bystander);
    for (let count = 0; count < 2; count += 1) {
      await pass(PING_PERIOD_MS);
      await send(session);
    }
    expect(await whyItEnded("test-3")).toEqual(["HTTP/2: no PING was acknowledged"]);
    expect(await send(session)).toMatchObject({ status: 200 });
  });

  test("a flood of CONTINUATION frames", async () => {
    const socket = await rawClient();
    socket.write(Buffer.concat([CLIENT_HELLO, frameOf(FRAME.headers, 0, 1, headerBlock())]));
    const field = headerBlock([["x-a", "b".repeat(1000)]]);
    await flood(socket, frameOf(FRAME.continuation, 0, 1, field), 10_000);
    expect(await whyItEnded()).toHaveLength(1);
    expect(bench.requests).toHaveLength(1);
  });

  test("a flood of CONTINUATION frames that hold nothing", async () => {
    const socket = await rawClient();
    socket.write(Buffer.concat([CLIENT_HELLO, frameOf(FRAME.headers, 0, 1, headerBlock())]));
    await flood(socket, frameOf(FRAME.continuation, 0, 1, Buffer.alloc(0)), 20_000);
    expect(await whyItEnded()).toHaveLength(1);
  });

  test.each([
    ["PING", pingFrame()],
    ["SETTINGS", settingsFrame(4, 65_535)],
    ["PRIORITY", frameOf(FRAME.priority, 0, 3, Buffer.from([0, 0, 0, 0, 1]))],
    ["WINDOW_UPDATE", numberFrame(FRAME.windowUpdate, 0, 1)],
    ["unknown", frameOf(77, 0, 0, Buffer.alloc(1))],
  ])("a flood of %s frames", async (name, frame) => {
    const socket = await rawClient();
    socket.write(CLIENT_HELLO);
    await flood(socket, frame, 5000);
    const reasons = await whyItEnded();
    expect(reasons).toEqual([`HTTP/2: 1001 ${name} frames within 10 s`]);
  });

  test("a flood of empty DATA frames", async () => {
    const socket = await rawClient();
    socket.write(Buffer.concat([CLIENT_HELLO, headersFrame(1, headerBlock(), false)]));
    await flood(socket, dataFrame(1, Buffer.alloc(0), false), 5000);
    expect(await whyItEnded()).toEqual(["HTTP/2: 1005 empty DATA frames within 10 s"]);
  });

  test("a client that resets its streams as fast as it opens them", async () => {
    const socket = await rawClient();
    socket.write(CLIENT_HELLO);
    for (let stream = 1; stream < 6000 && socket.writable; stream += 2) {
      socket.write(
        Buffer.concat([
          headersFrame(stream, headerBlock(), false),
          numberFrame(FRAME.resetStream, stream, constants.NGHTTP2_CANCEL),
        ]),
      );
    }
    expect(await whyItEnded()).toEqual(["HTTP/2: 1001 RST_STREAM frames within 10 s"]);
    expect(bench.requests).toHaveLength(1);
  });

  test("a client that opens more streams than it may, before it was told how many", async () => {
    const socket = await rawClient();
    const frames: Buffer[] = [CLIENT_HELLO];
    for (let stream = 1; stream < 3000; stream += 2) frames.push(headersFrame(stream, headerBlock(), false));
    socket.write(Buffer.concat(frames));
    await whyItEnded();
    expect(bench.failures().length).toBeGreaterThan(0);
    expect(bench.failures().length).toBeLessThan(110);
  });

  test("a client that fills the memory with bodies that it does not end", async () => {
    await bench.close();
    bench = await startHttpBench(undefined, { settings: { ...SETTINGS, maxConcurrentStreams: () => 1000 } });
    bystander = bench.connect();
    await send(bystander);
    const session = connectHttp2(bench.url, { ca: bench.authority.caPem, maxSessionMemory: 100 });
    session.on("error", () => {});
    for (let count = 0; count < 200; count += 1) {
      const stream = session.request({ ":method": "POST", ":path": "/" });
      stream.on("error", () => {});
      stream.write(Buffer.alloc(60_000));
    }
    expect(await whyItEnded()).toEqual(["HTTP/2: more than 8388608 bytes of incomplete bodies"]);
  });

  const MANY = Array.from({ length: 40 }, (_, index) => 2 * index + 1);
  test.each([
    ["its one stream", [1], headersFrame(1, headerBlock(), false)],
    ["many streams", MANY, Buffer.concat(MANY.map((stream) => headersFrame(stream, headerBlock(), false)))],
    ["a stream that it ended", [1], headersFrame(1)],
    [
      "a stream that it reset",
      [1],
      Buffer.concat([
        headersFrame(1, headerBlock(), false),
        numberFrame(FRAME.resetStream, 1, constants.NGHTTP2_CANCEL),
      ]),
    ],
  ])("a client that goes on with a body of 100 MB on %s, whatever it is told", async (where, streams, begin) => {
    const socket = await rawClient();
    const reader = readFrames(socket);
    const closed = once(socket, "close").catch(() => {});
    socket.write(Buffer.concat([CLIENT_HELLO, begin]));
    if (where === "a stream that it ended") await reader.next("the answer", ({ type }) => type === FRAME.headers);
    const frame = (stream: number): Buffer => dataFrame(stream, Buffer.alloc(16_000), false);
    for (let count = 0; count < 6250 && socket.writable; count += 1) {
      if (socket.write(frame(streams[count % streams.length] ?? 1))) continue;
      await Promise.race([once(socket, "drain").catch(() => {}), closed]);
    }
    const { payload } = await reader.next("GOAWAY", ({ type }) => type === FRAME.goAway);
    expect(payload.readUInt32BE(4)).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect((await whyItEnded()).at(-1)).toBe("HTTP/2: a body goes on for more than 1048576 bytes after it was cut off");
  });

  test("a client that never reads", async () => {
    const socket = await bench.connectRaw();
    socket.on("error", () => {});
    // Windows as large as they may be, so that the answers block in TCP.
    const fields = REQUEST.map(([name, value]) => [name, name === ":path" ? "/large" : value] as const);
    socket.write(
      Buffer.concat([CLIENT_HELLO, settingsFrame(4, 0x7fff_ffff), numberFrame(FRAME.windowUpdate, 0, 0x7000_0000)]),
    );
    for (let stream = 1; stream < 10_000; stream += 2) socket.write(headersFrame(stream, headerBlock(fields)));
    await bench.until("the first requests", () => bench.requests.length > 30);
    await send(bystander);
    await pass(2 * PING_PERIOD_MS);
    const reasons = await whyItEnded();
    expect(reasons).toEqual(["HTTP/2: no PING was acknowledged"]);
    expect(bench.requests.length).toBeLessThan(1000);
  });
});

const SETTINGS = {
  headerTableSize: 4096,
  maxConcurrentStreams: () => 100,
  initialWindowSize: 65_535,
  maxFrameSize: 16_384,
  maxHeaderListSize: 8000,
};

describe("of HTTP/2, an HTTP listener refuses", () => {
  test.each([
    ["header fields without end", Array.from({ length: 500 }, (_, index) => [`x-${index}`, "x".repeat(20)] as const)],
    ["many tiny header fields", Array.from({ length: 1000 }, () => ["a", "b"] as const)],
  ])("%s, and then serves the connection on", async (_what, more) => {
    const socket = await rawClient();
    const reader = readFrames(socket);
    socket.write(Buffer.concat([CLIENT_HELLO, headersFrame(1, headerBlock([...REQUEST, ...more])), headersFrame(3)]));
    await reader.next("an answer", ({ type, stream }) => type === FRAME.headers && stream === 3);
    expect(bench.failures()).toEqual(["HTTP/2: stream 1 was reset with ENHANCE_YOUR_CALM"]);
    expect(bench.requests).toHaveLength(2);
  });

  test("a few bytes that stand for megabytes, and gives a client up that goes on with it", async () => {
    const socket = await rawClient();
    const encoder = hpackEncoder();
    const indexing = { ...PLAIN, indexing: true };
    const bomb = Buffer.concat([headerBlock(), encoder.field(["x-bomb", "x".repeat(4000)], indexing)]);
    const again = Buffer.alloc(10_000, encoder.field(["x-bomb", "x".repeat(4000)], indexing));
    const frames = [CLIENT_HELLO, headersFrame(1, bomb)];
    for (let stream = 3; stream < 400; stream += 2)
      frames.push(headersFrame(stream, Buffer.concat([headerBlock(), again])));
    socket.write(Buffer.concat(frames));
    const reasons = await whyItEnded();
    expect(reasons[0]).toBe("HTTP/2: stream 3 was reset with ENHANCE_YOUR_CALM");
    expect(reasons.length).toBeLessThanOrEqual(102);
    expect(bench.requests.length).toBeLessThanOrEqual(2);
  });

  test("a body of 100 MB, of which it keeps what it may", async () => {
    const session = bench.connect();
    const stream = session.request({ ":method": "POST", ":path": "/" });
    const status = new Promise((resolve) => {
      stream.once("response", (headers) => resolve(headers[":status"]));
    });
    const closed = new Promise((resolve) => {
      stream.once("close", resolve);
    });
    stream.on("error", () => {});
    stream.resume();
    const chunk = Buffer.alloc(1_000_000);
    let left = 100;
    const write = () => {
      while (left > 0 && !stream.destroyed && stream.write(chunk)) left -= 1;
    };
    stream.on("drain", write);
    write();
    expect(await status).toBe(200);
    await closed;
    expect(left).toBeGreaterThan(90);
    expect(bench.requests[1]).toMatchObject({ isCut: true });
    expect(bench.requests[1]?.body).toHaveLength(LIMITS.bodyBytes);
    expect(await send(session)).toMatchObject({ status: 200 });
  });

  test("many such bodies on one connection", async () => {
    const session = bench.connect();
    const body = Buffer.alloc(200_000);
    for (let count = 0; count < 40; count += 1) expect(await send(session, {}, body)).toMatchObject({ status: 200 });
    expect(await send(session)).toMatchObject({ status: 200 });
    expect(bench.failures()).toEqual([]);
  });

  test("a body that stalls", async () => {
    const session = bench.connect();
    const stream = session.request({ ":method": "POST", ":path": "/" });
    const closed = new Promise((resolve) => {
      stream.on("error", () => {});
      stream.once("close", resolve);
    });
    stream.write("{");
    // Answered after the stream before it was seen.
    await send(session);
    bench.clock.advance(LIMITS.requestMs);
    await closed;
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
    expect(bench.failures()).toEqual(["HTTP/2: the request was not complete in time on stream 1"]);
    expect(await send(session)).toMatchObject({ status: 200 });
  });

  test("a body that comes byte by byte", async () => {
    const session = bench.connect();
    const stream = session.request({ ":method": "POST", ":path": "/" });
    const closed = new Promise((resolve) => {
      stream.on("error", () => {});
      stream.once("close", resolve);
    });
    for (let count = 0; count < 10; count += 1) {
      stream.write("x");
      await send(session);
      bench.clock.advance(LIMITS.requestMs / 10);
    }
    await closed;
    expect(bench.failures()).toEqual(["HTTP/2: the request was not complete in time on stream 1"]);
  });

  test("an answer to a client without a window for it", async () => {
    const socket = await rawClient();
    const reader = readFrames(socket);
    const fields = REQUEST.map(([name, value]) => [name, name === ":path" ? "/large" : value] as const);
    socket.write(Buffer.concat([CLIENT_HELLO, settingsFrame(4, 0), headersFrame(1, headerBlock(fields))]));
    await reader.next("the header of the answer", ({ type, stream }) => type === FRAME.headers && stream === 1);
    bench.clock.advance(LIMITS.requestMs);
    await reader.next("the reset", ({ type, stream }) => type === FRAME.resetStream && stream === 1);
    expect(bench.failures()).toEqual(["HTTP/2: the answer was not taken in time on stream 1"]);
  });
});

describe("of clients that go away, an HTTP listener outlives", () => {
  test.each(["before its first frame", "in the middle of a request", "while it waits for the answer"])(
    "one that resets its connection %s",
    async (when) => {
      const tcp = tcpClient();
      const socket = await bench.connectRaw({ socket: tcp });
      socket.on("error", () => {});
      if (when !== "before its first frame") {
        const session = connectHttp2(bench.url, { createConnection: () => socket });
        session.on("error", () => {});
        await send(session);
        const stream = session.request({ ":method": "POST", ":path": "/large" });
        stream.on("error", () => {});
        if (when === "in the middle of a request") stream.write("{");
        else stream.end();
        await send(session);
      }
      await send(bystander);
      tcp.resetAndDestroy();
      // A reset right after the handshake can pass Node by: then time finds it.
      await send(bystander);
      await pass(LIMITS.requestMs);
      expect((await whyItEnded()).length).toBeLessThan(2);
    },
  );

  test("one that ends its side only, in the middle of a frame", async () => {
    const socket = await bench.connectRaw({ allowHalfOpen: true });
    socket.on("error", () => {});
    socket.write(Buffer.concat([CLIENT_HELLO, Buffer.from([0, 1, 0, 1, 4, 0, 0, 0, 1, 0x82])]));
    socket.end();
    expect(await whyItEnded()).toEqual([]);
  });

  test("one that ends its side only, over HTTP/1.1", async () => {
    const socket = await bench.connectRaw({ ALPNProtocols: ["http/1.1"], allowHalfOpen: true });
    socket.on("error", () => {});
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
    socket.end();
    expect((await whyItEnded()).length).toBeLessThan(2);
  });
});

describe("of HTTP/1.1, an HTTP listener cuts off", () => {
  /** What the client reads until the connection is closed. */
  async function allOf(socket: TLSSocket): Promise<string> {
    return new Promise((resolve) => {
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
      socket.once("close", () => resolve(text));
    });
  }

  test.each([
    ["garbage", "\x00\x01\x02\r\n\r\n", "400"],
    ["HTTP/2", CLIENT_PREFACE.toString("latin1"), "400"],
    ["header fields without end", `POST / HTTP/1.1\r\n${"x-a: b\r\n".repeat(5000)}`, "431"],
    ["one header field without end", `POST / HTTP/1.1\r\nx-a: ${"b".repeat(40_000)}`, "431"],
    ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "400",
    ],
  ])("a client that sends %s", async (_what, text, status) => {
    const socket = await rawClient("http/1.1");
    const answer = allOf(socket);
    socket.write(Buffer.from(text, "latin1"));
    expect(await answer).toContain(`HTTP/1.1 ${status} `);
    expect(await whyItEnded()).toHaveLength(1);
    expect(bench.failures()[0]).toMatch(/^HTTP\/1\.1: /);
  });

  test.each([
    ["header", "POST / HTTP/1.1\r\nHost: a\r\nX-A"],
    ["body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"],
  ])("a client that stops in its %s", async (_what, text) => {
    const socket = await rawClient("http/1.1");
    socket.write(text);
    await send(bystander);
    await bench.until("the connection", () =>
      bench.events.some((event) => event.kind === "opened" && event.connection.id === "test-2"),
    );
    for (const more of ["x", "x", "x"]) {
      socket.write(more);
      await send(bystander);
    }
    bench.clock.advance(LIMITS.requestMs);
    expect(await whyItEnded()).toEqual(["HTTP/1.1: the request was not complete in time"]);
  });

  test("a client that sends requests and never reads", async () => {
    const socket = await bench.connectRaw({ ALPNProtocols: ["http/1.1"] });
    socket.on("error", () => {});
    const request = "POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    for (let count = 0; count < 2000 && socket.writable; count += 1) socket.write(request);
    await bench.until("requests", () => bench.requests.length > 1);
    await send(bystander);
    await pass(2 * LIMITS.requestMs);
    expect((await whyItEnded()).length).toBe(1);
    expect(bench.requests.length).toBeLessThan(500);
  });

  test("a client whose body of 100 MB goes on after it was cut off", async () => {
    const socket = await rawClient("http/1.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
    const chunk = Buffer.alloc(100_000);
    const closed = new Promise((resolve) => {
      socket.once("close", resolve);
    });
    for (let count = 0; count < 1000 && socket.writable; count += 1) {
      if (socket.write(chunk)) continue;
      await Promise.race([once(socket, "drain").catch(() => {}), closed]);
    }
    await closed;
    expect(await whyItEnded()).toEqual(["HTTP/1.1: a body goes on for more than 1048576 bytes after it was cut off"]);
    expect(bench.requests[1]).toMatchObject({ isCut: true });
    expect(bench.requests[1]?.body).toHaveLength(LIMITS.bodyBytes);
  });
});

describe("an HTTP listener with a slow service", () => {
  test("lets no client pile up requests over HTTP/1.1", async () => {
    const held: AbortSignal[] = [];
    const slow = await startHttpBench(
      async (_request, signal) =>
        new Promise<HttpAnswer>(() => {
          held.push(signal);
        }),
    );
    const socket = await slow.connectRaw({ ALPNProtocols: ["http/1.1"] });
    socket.on("error", () => {});
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n".repeat(1000));
    await slow.until("the end", () => slow.events.at(-1)?.kind === "closed");
    expect(slow.failures()).toEqual(["HTTP/1.1: more than 100 requests wait for their answers"]);
    expect(held.every(({ aborted }) => aborted)).toBe(true);
    await slow.close();
  });
});
