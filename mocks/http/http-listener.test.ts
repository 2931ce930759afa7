import { constants } from "node:http2";
import { Agent, request as requestHttps } from "node:https";
import type { TLSSocket } from "node:tls";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { HarnessFault, UsageError } from "../../harness/errors.ts";
import { FLAG, FRAME } from "./frame.ts";
import type { HeaderField, HttpAnswer, HttpConnection, HttpHandler } from "./http-exchange.ts";
import { createTestAuthority } from "../tls/test-authority.ts";
import {
  CLIENT_HELLO,
  dataFrame,
  headerBlock,
  headersFrame,
  pingFrame,
  REQUEST,
  settingsFrame,
} from "./testing/client-frames.ts";
import { LIMITS, ok, send, startHttpBench } from "./testing/http-bench.ts";
import type { HttpBench } from "./testing/http-bench.ts";
import { hpackEncoder } from "./testing/hpack-encoder.ts";
import { readFrames } from "./testing/raw-client.ts";
import type { SeenFrame } from "./testing/raw-client.ts";

const OK: HttpAnswer = { kind: "respond", status: 200, headers: [] };

let bench: HttpBench;
afterEach(async () => {
  await bench.close();
});

/** Answers when it is told to; what it was asked with. */
function heldHandler() {
  const held: { readonly signal: AbortSignal; readonly answer: (answer: HttpAnswer) => void }[] = [];
  const handler: HttpHandler = async (_request, signal) =>
    new Promise((resolve) => {
      held.push({ signal, answer: resolve });
    });
  return { held, handler };
}

/** One request over HTTP/1.1. */
async function sendHttp1(body: string, more: object = {}) {
  return new Promise<{ readonly status: number | undefined; readonly body: string; readonly connection: unknown }>(
    (resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port: bench.listener.port,
        ca: bench.authority.caPem,
        ALPNProtocols: ["http/1.1"],
        method: "POST",
        path: "/x",
        ...more,
      };
      const request = requestHttps(options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode, body: text, connection: response.headers.connection }),
        );
      });
      request.on("error", reject);
      request.end(body);
    },
  );
}

/** The connection that was opened last. */
function openedConnection(): HttpConnection {
  const opened = bench.events.findLast((event) => event.kind === "opened");
  if (opened === undefined) throw new HarnessFault("test-no-connection", "no connection was opened");
  return opened.connection;
}

const closed = () => bench.events.filter((event) => event.kind === "closed");
const notes = () => bench.events.flatMap((event) => (event.kind === "noted" ? [event.note] : []));

describe("an HTTP listener over HTTP/2", () => {
  test("hands a complete request to the service and its answer to the client", async () => {
    bench = await startHttpBench(({ body }) => ({
      kind: "respond",
      status: 201,
      headers: [
        ["x-answer", "yes"],
        ["x-many", "1"],
        ["x-many", "2"],
      ],
      body: Buffer.from(body).toString().toUpperCase(),
    }));
    const answer = await send(
      bench.connect(),
      { ":path": "/a?b=c", "x-many": ["1", "2"], "x-byte": "\u00e9" },
      "hello",
    );
    expect(answer).toMatchObject({ status: 201, body: "HELLO", headers: { "x-answer": "yes", "x-many": "1, 2" } });
    expect(answer.headers).not.toHaveProperty("date");
    expect(bench.requests).toMatchObject([
      {
        method: "POST",
        path: "/a?b=c",
        authority: `127.0.0.1:${bench.listener.port}`,
        headers: [
          ["x-many", "1"],
          ["x-many", "2"],
          ["x-byte", "\u00e9"],
        ],
        isCut: false,
        receivedAtMs: 0,
        notes: [],
        connection: { id: "test-1", protocol: "h2", tlsVersion: "TLSv1.3", openedAtMs: 0 },
      },
    ]);
    expect(bench.answered.map(([request, , outcome]) => [request === bench.requests[0], outcome])).toEqual([
      [true, "sent"],
    ]);
  });

  test("sends five SETTINGS, and as many streams as the connection may have at first", async () => {
    bench = await startHttpBench(ok, {
      settings: {
        headerTableSize: 4096,
        maxConcurrentStreams: ({ hasCertificate }) => (hasCertificate ? 1000 : 1),
        initialWindowSize: 65_535,
        maxFrameSize: 16_384,
        maxHeaderListSize: 8000,
      },
    });
    const identity = await bench.authority.issueClient({ bundleId: "com.example.phone" });
    for (const [certificate, streams] of [
      [{}, 1],
      [{ cert: identity.certPem, key: identity.keyPem }, 1000],
    ] as const) {
      const socket = await bench.connectRaw(certificate);
      socket.write(CLIENT_HELLO);
      const { payload } = await readFrames(socket).next("SETTINGS", ({ type }) => type === FRAME.settings);
      const settings = Array.from({ length: payload.length / 6 }, (_, at) => [
        payload.readUInt16BE(at * 6),
        payload.readUInt32BE(at * 6 + 2),
      ]);
      expect(settings.sort(([a = 0], [b = 0]) => a - b)).toEqual([
        [1, 4096],
        [3, streams],
        [4, 65_535],
        [5, 16_384],
        [6, 8000],
      ]);
    }
  });

  test("tells of a client certificate, trusted or not", async () => {
    bench = await startHttpBench();
    for (const [index, authority] of [bench.authority, await createTestAuthority()].entries()) {
      const { certPem, keyPem } = await authority.issueClient({ bundleId: "com.example.phone" });
      await send(bench.connect({ certPem, keyPem }));
      const peer = bench.requests[index]?.connection.peerCertificate;
      expect(peer).toMatchObject({ subject: expect.stringContaining("UID=com.example.phone"), trusted: index === 0 });
      expect(certPem.replaceAll("\n", "")).toContain(Buffer.from(peer?.der ?? []).toString("base64"));
    }
    await send(bench.connect());
    expect(bench.requests[2]?.connection).not.toHaveProperty("peerCertificate");
  });

  test("sends the newest allowance of streams, with one SETTINGS unacknowledged at most", async () => {
    bench = await startHttpBench();
    const socket = await bench.connectRaw();
    const reader = readFrames(socket);
    const ours = () => reader.frames.filter(({ type, flags }) => type === FRAME.settings && flags === 0);
    const acknowledge = () => socket.write(Buffer.from([0, 0, 0, FRAME.settings, FLAG.ack, 0, 0, 0, 0]));
    const answered = async (data: number) => {
      const ping = pingFrame();
      ping[16] = data;
      socket.write(ping);
      await reader.next("a PING", ({ type, payload }) => type === FRAME.ping && payload[7] === data);
    };
    socket.write(CLIENT_HELLO);
    await bench.until("the connection", () => bench.events.length === 1);
    const connection = openedConnection();
    for (let count = 1; count <= 40; count += 1) connection.allowStreams(count);
    await answered(1);
    expect(ours()).toHaveLength(1);
    acknowledge();
    await answered(2);
    expect(ours()).toHaveLength(2);
    expect(ours()[1]?.payload.toString("hex")).toBe("000300000028");
    connection.allowStreams(1);
    connection.allowStreams(7);
    connection.allowStreams(7);
    acknowledge();
    await answered(3);
    acknowledge();
    await answered(4);
    expect(ours().map(({ payload }) => payload.toString("hex").slice(-4))).toEqual(["1f40", "0028", "0007"]);
  });

  test("says GOAWAY with words, and ends the connection once its streams are done", async () => {
    const { held, handler } = heldHandler();
    bench = await startHttpBench(handler);
    const session = bench.connect();
    const said = new Promise((resolve) => {
      session.once("goaway", (code, _last, data) => resolve([code, Buffer.from(data ?? []).toString()]));
    });
    const answer = send(session);
    await bench.until("the request", () => bench.requests.length === 1);
    bench.requests[0]?.connection.goAway('{"reason":"Shutdown"}');
    expect(await said).toEqual([0, '{"reason":"Shutdown"}']);
    expect(closed()).toEqual([]);
    held[0]?.answer({ ...OK, body: "late" });
    expect(await answer).toMatchObject({ status: 200, body: "late" });
    await bench.until("the end", () => closed().length === 1);
    expect(closed()[0]).toMatchObject({ why: 'GOAWAY with NO_ERROR was sent: {"reason":"Shutdown"}' });
    expect(bench.failures()).toEqual([]);
    expect(bench.clock.pending()).toBe(0);
  });

  test("says GOAWAY with an error to a client that has nothing under way", async () => {
    bench = await startHttpBench();
    const session = bench.connect();
    await send(session);
    const said = new Promise((resolve) => {
      session.once("goaway", (code, _last, data) => resolve([code, Buffer.from(data ?? []).toString()]));
    });
    bench.requests[0]?.connection.goAway("too many", constants.NGHTTP2_REFUSED_STREAM);
    expect(await said).toEqual([constants.NGHTTP2_REFUSED_STREAM, "too many"]);
    await bench.until("the end", () => closed().length === 1);
    expect(bench.failures()).toEqual([]);
  });

  test("destroys a connection for the reason that is given", async () => {
    bench = await startHttpBench((request) => {
      request.connection.destroy("the plan says so");
      return OK;
    });
    await expect(send(bench.connect())).rejects.toThrow(/closed|cancel|hang/i);
    await bench.until("the end", () => closed().length === 1);
    expect(closed()[0]).toMatchObject({ connection: { id: "test-1" }, why: "the plan says so" });
    expect(bench.answered.map(([, , outcome]) => outcome)).toEqual(["abandoned"]);
  });

  test("resets a stream with the code that is given", async () => {
    bench = await startHttpBench(() => ({ kind: "reset", errorCode: constants.NGHTTP2_REFUSED_STREAM }));
    const session = bench.connect();
    await expect(send(session)).rejects.toThrow("NGHTTP2_REFUSED_STREAM");
    await expect(send(session)).rejects.toThrow("NGHTTP2_REFUSED_STREAM");
    expect(bench.answered.map(([, , outcome]) => outcome)).toEqual(["sent", "sent"]);
    expect(bench.failures()).toEqual([]);
  });

  test("aborts the signal of a request whose client gave it up, and counts its answer as abandoned", async () => {
    const { held, handler } = heldHandler();
    bench = await startHttpBench(handler);
    const session = bench.connect();
    const stream = session.request({ ":method": "POST", ":path": "/" });
    stream.on("error", () => {});
    stream.end();
    await bench.until("the request", () => held.length === 1);
    expect(held[0]?.signal.aborted).toBe(false);
    const aborted = new Promise((resolve) => {
      held[0]?.signal.addEventListener("abort", resolve);
    });
    stream.close(constants.NGHTTP2_CANCEL);
    await aborted;
    held[0]?.answer(OK);
    await bench.until("the outcome", () => bench.answered.length === 1);
    expect(bench.answered[0]?.[2]).toBe("abandoned");
    expect(bench.failures()).toEqual([]);
  });

  test("gives every request a signal of its own, that its own end alone aborts", async () => {
    const { held, handler } = heldHandler();
    bench = await startHttpBench(handler);
    const session = bench.connect();
    const first = send(session);
    await bench.until("a request", () => held.length === 1);
    held[0]?.answer(OK);
    await first;
    const streams = [1, 2].map(() => {
      const stream = session.request({ ":method": "POST", ":path": "/" });
      stream.on("error", () => {});
      stream.end();
      return stream;
    });
    await bench.until("two requests", () => held.length === 3);
    expect(held[1]?.signal).not.toBe(held[2]?.signal);
    streams[0]?.close(constants.NGHTTP2_CANCEL);
    await new Promise((resolve) => {
      held[1]?.signal.addEventListener("abort", resolve);
    });
    expect(held[2]?.signal.aborted).toBe(false);
  });

  test("cuts a long body, answers it, and goes on with the connection", async () => {
    bench = await startHttpBench();
    const session = bench.connect();
    expect(await send(session, {}, "x".repeat(300_000))).toMatchObject({ status: 200 });
    expect(bench.requests[0]).toMatchObject({ isCut: true });
    expect(bench.requests[0]?.body).toHaveLength(LIMITS.bodyBytes);
    expect(await send(session, {}, "x".repeat(LIMITS.bodyBytes))).toMatchObject({ status: 200 });
    expect(bench.requests[1]).toMatchObject({ isCut: false });
    expect(bench.requests[1]?.body).toHaveLength(LIMITS.bodyBytes);
    expect(bench.failures()).toEqual([]);
  });

  test("reads a body whole, whether its length was announced and in whatever frames and writes it comes", async () => {
    bench = await startHttpBench();
    const socket = await bench.connectRaw({ ALPNProtocols: ["h2"] });
    const { frames: seen, next } = readFrames(socket);
    socket.write(CLIENT_HELLO);
    const body = Buffer.from("0123456789");
    const end = (stream: number) => dataFrame(stream, Buffer.alloc(0));
    const ways = [
      (stream: number) => [dataFrame(stream, body)],
      (stream: number) => [dataFrame(stream, body, false), end(stream)],
      (stream: number) => [dataFrame(stream, body.subarray(0, 4), false), dataFrame(stream, body.subarray(4))],
    ];
    let [stream, pings, early] = [1, 0, 0];
    const acknowledged = () => seen.filter(({ type }) => type === FRAME.ping).length === pings;
    for (const isTold of [true, false]) {
      const told: readonly HeaderField[] = isTold ? [["content-length", `${body.length}`]] : [];
      for (const way of ways) {
        for (const isApart of [true, false]) {
          const frames = [headersFrame(stream, headerBlock([...REQUEST, ...told]), false), ...way(stream)];
          if (isApart) {
            for (const frame of frames.slice(0, -1)) {
              socket.write(Buffer.concat([frame, pingFrame()]));
              pings += 1;
              await next("the acknowledgement", acknowledged);
              early += bench.requests.length - (stream - 1) / 2;
            }
            socket.write(frames.at(-1)!);
          } else socket.write(Buffer.concat(frames));
          const id = stream;
          await next(`the answer on ${id}`, (frame) => frame.type === FRAME.headers && frame.stream === id);
          expect(Buffer.from(bench.requests.at(-1)!.body).toString()).toBe(body.toString());
          stream += 2;
        }
      }
    }
    expect([bench.requests.length, early]).toEqual([12, 0]);
    expect(bench.failures()).toEqual([]);
    socket.destroy();
  });

  test.each([
    ["ends its side", (socket: TLSSocket) => void socket.end()],
    ["destroys the connection", (socket: TLSSocket) => void socket.destroy()],
  ])("hands over what a client sent that then %s at once", async (_how, leave) => {
    bench = await startHttpBench();
    const socket = await bench.connectRaw();
    const requests = Array.from({ length: 20 }, (_, index) =>
      Buffer.concat([
        headersFrame(2 * index + 1, headerBlock([...REQUEST, ["content-length", "600"]]), false),
        dataFrame(2 * index + 1, Buffer.alloc(600)),
      ]),
    );
    socket.write(Buffer.concat([CLIENT_HELLO, ...requests]), () => leave(socket));
    await bench.until("the end", () => closed().length === 1);
    expect(bench.requests.map(({ body }) => body.length)).toEqual(requests.map(() => 600));
    expect(closed()[0]).toMatchObject({ why: "the client closed the connection" });
    expect(bench.failures()).toEqual([]);
  });

  test("hands over no request whose body is longer than it said", async () => {
    bench = await startHttpBench();
    const socket = await bench.connectRaw({ ALPNProtocols: ["h2"] });
    const { next } = readFrames(socket);
    const head = headersFrame(1, headerBlock([...REQUEST, ["content-length", "4"]]), false);
    socket.write(Buffer.concat([CLIENT_HELLO, head, dataFrame(1, Buffer.from("1234"), false), pingFrame()]));
    await next("the acknowledgement", ({ type }) => type === FRAME.ping);
    socket.write(dataFrame(1, Buffer.from("5")));
    // It depends on the version of Node which of them it is.
    await next("the reset or the end", ({ type }) => type === FRAME.resetStream || type === FRAME.goAway);
    expect(bench.requests).toEqual([]);
    socket.destroy();
  });

  test("repairs the scheme of Google's own client and says so with the request", async () => {
    bench = await startHttpBench();
    const session = bench.connect();
    for (const scheme of ["https:", "https:", "https", "http:"]) {
      expect(await send(session, { ":scheme": scheme, authorization: "bearer x" })).toMatchObject({ status: 200 });
    }
    expect(bench.requests.map((request) => request.notes)).toEqual([
      [{ kind: "malformed-scheme", detail: ':scheme was "https:"' }],
      [{ kind: "malformed-scheme", detail: ':scheme was "https:"' }],
      [],
      [{ kind: "malformed-scheme", detail: ':scheme was "http:"' }],
    ]);
    expect(notes()).toEqual([]);
  });

  test("stays in step with a client's header table over any repairs", async () => {
    const form = fc.record({ indexing: fc.boolean(), huffman: fc.boolean(), nameIndex: fc.boolean() });
    const value = fc.string({ unit: fc.constantFrom("a", "b", "~", "0"), maxLength: 60 });
    const field = fc.tuple(fc.constantFrom("x-a", "x-b", "authorization", "content-type"), value, form);
    const request = fc.record({
      scheme: fc.constantFrom("https:", "http:", "https", "http"),
      form,
      fields: fc.array(field, { maxLength: 6 }),
      resize: fc.option(fc.nat({ max: 400 }), { nil: undefined, freq: 6 }),
    });
    bench = await startHttpBench();
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 25 }), async (requests) => {
        const before = bench.requests.length;
        const encoder = hpackEncoder();
        const frames = requests.map(({ scheme, form, fields, resize }, index) => {
          const pseudo: readonly HeaderField[] = [
            [":method", "POST"],
            [":scheme", scheme],
            [":path", `/${index}`],
            [":authority", "localhost"],
          ];
          const block = [
            ...(resize === undefined ? [] : [encoder.resize(resize)]),
            headerBlock(pseudo, form, encoder),
            ...fields.map(([name, value, form]) => encoder.field([name, value], form)),
          ];
          return headersFrame(2 * index + 1, Buffer.concat(block));
        });
        const socket = await bench.connectRaw();
        socket.resume();
        socket.write(Buffer.concat([CLIENT_HELLO, ...frames]));
        await bench.until("the requests", () => bench.requests.length === before + requests.length);
        expect(bench.requests.slice(before).map(({ headers }) => headers)).toEqual(
          requests.map(({ fields }) => fields.map(([name, value]) => [name, value])),
        );
        expect(bench.requests.slice(before).map((request) => request.notes.map(({ detail }) => detail))).toEqual(
          requests.map(({ scheme }) => (scheme.endsWith(":") ? [`:scheme was "${scheme}"`] : [])),
        );
        socket.destroy();
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect(bench.failures()).toEqual([]);
  });

  test("notes the habits of a connection, each once", async () => {
    bench = await startHttpBench();
    const socket = await bench.connectRaw();
    socket.resume();
    const indexing = { indexing: true, huffman: true, nameIndex: true };
    const priority = Buffer.from([0, 0, 5, FRAME.priority, 0, 0, 0, 0, 9, 0, 0, 0, 0, 15]);
    const pings = Array.from({ length: 11 }, () => pingFrame());
    socket.write(Buffer.concat([CLIENT_HELLO, priority, priority, ...pings, ...pings]));
    socket.write(headersFrame(1, headerBlock(undefined, indexing)));
    await bench.until("the request", () => bench.requests.length === 1);
    expect(notes()).toEqual([
      { kind: "priority", detail: "a PRIORITY frame" },
      { kind: "ping-rate", detail: "more than 10 PINGs within a minute" },
      { kind: "indexed-field", detail: ":path was put into the HPACK table" },
    ]);
  });

  test("refuses the streams of a burst that are too many, and notes it once without calling it a failure", async () => {
    const maxConcurrentStreams = () => 1;
    const [headerTableSize, initialWindowSize, maxFrameSize, maxHeaderListSize] = [4096, 65_535, 16_384, 8000];
    bench = await startHttpBench(ok, {
      settings: { headerTableSize, maxConcurrentStreams, initialWindowSize, maxFrameSize, maxHeaderListSize },
    });
    const socket = await bench.connectRaw();
    const reader = readFrames(socket);
    const isEnd = (stream: number, type: number) => (frame: SeenFrame) =>
      frame.stream === stream && frame.type === type;
    socket.write(Buffer.concat([CLIENT_HELLO, headersFrame(1), headersFrame(3), headersFrame(5)]));
    await reader.next("the answer", isEnd(1, FRAME.headers));
    for (const stream of [3, 5]) {
      const { payload } = await reader.next("a refusal", isEnd(stream, FRAME.resetStream));
      expect(payload.readUInt32BE(0)).toBe(constants.NGHTTP2_REFUSED_STREAM);
    }
    await bench.until("the note", () => notes().length > 0);
    expect(notes()).toEqual([{ kind: "streams-refused", detail: "2 streams refused, where 1 at once could be open" }]);
    expect(bench.failures()).toEqual([]);
  });

  test("notes no PINGs that keep to the rate", async () => {
    bench = await startHttpBench();
    const socket = await bench.connectRaw();
    const reader = readFrames(socket);
    let acknowledgedPings = 0;
    socket.write(CLIENT_HELLO);
    for (let count = 1; count <= 40; count += 1) {
      const ping = pingFrame();
      ping[16] = count;
      socket.write(ping);
      await reader.next("a PING", ({ type, payload }) => type === FRAME.ping && payload[7] === count);
      bench.clock.advance(6500);
      const own = reader.frames.filter(isOwnPing).slice(acknowledgedPings);
      acknowledgedPings += own.length;
      socket.write(Buffer.concat(own.map(({ payload }) => acknowledged(payload))));
    }
    expect(notes()).toEqual([]);
    expect(bench.failures()).toEqual([]);
  });

  test("closes an idle connection where that is asked for, and no busy one", async () => {
    const { held, handler } = heldHandler();
    bench = await startHttpBench(handler, { limits: { ...LIMITS, idleMs: 60_000 } });
    const session = bench.connect();
    const answer = send(session);
    await bench.until("the request", () => held.length === 1);
    const settled = async () =>
      new Promise((resolve) => {
        session.ping(() => resolve(undefined));
      });
    const wait = async () => {
      const pinged = new Promise((resolve) => {
        session.once("ping", resolve);
      });
      bench.clock.advance(30_000);
      await pinged;
      await settled();
    };
    for (let count = 0; count < 4; count += 1) await wait();
    held[0]?.answer(OK);
    await answer;
    await bench.until("its outcome", () => bench.answered.length === 1);
    // The stream is closed once this is answered.
    await settled();
    await wait();
    bench.clock.advance(29_999);
    expect(closed()).toEqual([]);
    bench.clock.advance(1);
    await bench.until("the end", () => closed().length === 1);
    expect(closed()[0]).toMatchObject({ why: expect.stringContaining("nothing happened") });
    expect(bench.failures()).toEqual([]);
  });
});

const isOwnPing = ({ type, flags }: { readonly type: number; readonly flags: number }) =>
  type === FRAME.ping && flags === 0;

function acknowledged(payload: Buffer): Buffer {
  return Buffer.concat([pingFrame(FLAG.ack).subarray(0, 9), payload]);
}

describe("an HTTP listener over HTTP/1.1", () => {
  test("hands a complete request to the service and its answer to the client", async () => {
    bench = await startHttpBench(({ body }) => ({
      kind: "respond",
      status: 201,
      headers: [["x-answer", "yes"]],
      body: Buffer.from(body).toString().toUpperCase(),
    }));
    expect(await sendHttp1("hello", { path: "/a?b=c" })).toMatchObject({ status: 201, body: "HELLO" });
    expect(bench.requests).toMatchObject([
      { method: "POST", path: "/a?b=c", isCut: false, notes: [], connection: { id: "test-1", protocol: "http/1.1" } },
    ]);
    expect(bench.requests[0]?.authority).toBe(`127.0.0.1:${bench.listener.port}`);
    expect(bench.answered.map(([, , outcome]) => outcome)).toEqual(["sent"]);
  });

  test("serves a client without ALPN where that is asked for", async () => {
    bench = await startHttpBench(ok, { withoutAlpn: "http/1.1" });
    expect(await sendHttp1("hello", { ALPNProtocols: undefined })).toMatchObject({ status: 200, body: "" });
  });

  test("keeps connections, and repeated fields", async () => {
    bench = await startHttpBench();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 3; count += 1) {
      await sendHttp1("x", { agent, headers: { "X-Many": ["1", "2"] } });
      bench.clock.advance(600_000);
    }
    agent.destroy();
    expect(new Set(bench.requests.map(({ connection }) => connection.id)).size).toBe(1);
    expect(bench.requests[0]?.headers.filter(([name]) => name === "x-many")).toEqual([
      ["x-many", "1"],
      ["x-many", "2"],
    ]);
    await bench.until("the end", () => closed().length === 1);
    expect(bench.failures()).toEqual([]);
  });

  test("answers pipelined requests in their order", async () => {
    const { held, handler } = heldHandler();
    bench = await startHttpBench(handler);
    const socket = await bench.connectRaw({ ALPNProtocols: ["http/1.1"] });
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (text += chunk));
    const done = new Promise((resolve) => {
      socket.once("end", resolve);
    });
    for (const path of ["/1", "/2", "https://other.test/3"]) {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}`);
    }
    await bench.until("three requests", () => held.length === 3);
    expect(bench.requests.map(({ path, authority }) => `${authority}${path}`)).toEqual([
      "localhost/1",
      "localhost/2",
      "other.test/3",
    ]);
    for (const index of [2, 0, 1]) held[index]?.answer({ ...OK, body: `answer ${index + 1}` });
    bench.requests[0]?.connection.goAway("");
    await done;
    expect(text.match(/answer \d/g)).toEqual(["answer 1", "answer 2", "answer 3"]);
    await bench.until("the end", () => closed().length === 1);
    expect(bench.failures()).toEqual([]);
  });

  test("aborts the signal of a request whose client went away", async () => {
    const { held, handler } = heldHandler();
    bench = await startHttpBench(handler);
    const socket = await bench.connectRaw({ ALPNProtocols: ["http/1.1"] });
    socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    await bench.until("the request", () => held.length === 1);
    socket.destroy();
    await bench.until("the end", () => closed().length === 1);
    expect(held[0]?.signal.aborted).toBe(true);
    held[0]?.answer(OK);
    await bench.until("the outcome", () => bench.answered.length === 1);
    expect(bench.answered[0]?.[2]).toBe("abandoned");
  });

  test("cuts the connection in place of a reset", async () => {
    bench = await startHttpBench(() => ({ kind: "reset", errorCode: 2 }));
    await expect(sendHttp1("x")).rejects.toThrow("socket hang up");
    expect(bench.answered.map(([, , outcome]) => outcome)).toEqual(["sent"]);
  });

  test("cuts a long body, answers it, and goes on with the connection", async () => {
    bench = await startHttpBench();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await sendHttp1("x".repeat(300_000), { agent })).toMatchObject({ status: 200 });
    expect(await sendHttp1("{}", { agent })).toMatchObject({ status: 200 });
    agent.destroy();
    expect(bench.requests.map(({ isCut, body }) => [isCut, body.length])).toEqual([
      [true, LIMITS.bodyBytes],
      [false, 2],
    ]);
    expect(bench.failures()).toEqual([]);
  });

  test("closes an idle connection where that is asked for", async () => {
    bench = await startHttpBench(ok, { limits: { ...LIMITS, idleMs: 60_000 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await sendHttp1("x", { agent });
    await bench.until("its outcome", () => bench.answered.length === 1);
    bench.clock.advance(60_000);
    await bench.until("the end", () => closed().length === 1);
    agent.destroy();
    expect(bench.failures()).toEqual([]);
  });
});

describe("an HTTP listener", () => {
  test("names the config field where it cannot listen", async () => {
    bench = await startHttpBench();
    const start = startHttpBench(ok, { port: bench.listener.port });
    await expect(start).rejects.toThrow(UsageError);
    await expect(start).rejects.toThrow(
      /^world\.ports\.test: the simulated service cannot listen on 127\.0\.0\.1 port/,
    );
  });

  test("closes with everything under way, and calls nobody afterwards", async () => {
    const { held, handler } = heldHandler();
    bench = await startHttpBench(handler);
    void send(bench.connect()).catch(() => {});
    void sendHttp1("x").catch(() => {});
    const stalled = bench.connect().request({ ":method": "POST", ":path": "/" });
    stalled.on("error", () => {});
    stalled.write("{");
    await bench.until("the requests", () => held.length === 2);
    const told = bench.events.length;
    await bench.listener.close();
    expect(held.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    for (const { answer } of held) answer(OK);
    await Promise.resolve();
    expect(bench.events).toHaveLength(told);
    expect(bench.answered).toEqual([]);
    expect(bench.clock.pending()).toBe(0);
  });

  test("keeps nothing of a hundred connections that are gone", async () => {
    bench = await startHttpBench();
    for (let count = 0; count < 100; count += 1) {
      const session = bench.connect();
      await send(session);
      session.close();
    }
    await bench.until("the ends", () => closed().length === 100);
    expect(bench.clock.pending()).toBe(0);
    expect(bench.failures()).toEqual([]);
    expect(closed().every(({ why }) => why.includes("the client"))).toBe(true);
  });

  test("takes part in SETTINGS as any client sends them", async () => {
    bench = await startHttpBench();
    const socket = await bench.connectRaw();
    const reader = readFrames(socket);
    socket.write(Buffer.concat([CLIENT_HELLO, settingsFrame(1, 0), headersFrame(1)]));
    const { payload } = await reader.next("an answer", ({ type, stream }) => type === FRAME.headers && stream === 1);
    expect(payload.length).toBeGreaterThan(0);
  });
});
