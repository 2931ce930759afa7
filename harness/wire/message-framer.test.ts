import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_HEAD_BYTES, messageFramer } from "./message-framer.ts";

interface Framed {
  readonly messages: readonly string[];
  readonly keepAlives: number;
  readonly garbage: readonly string[];
}

function frame(chunks: readonly (Uint8Array | string)[], limits?: { readonly maxMessageBytes: number }): Framed {
  const messages: string[] = [];
  const garbage: string[] = [];
  let keepAlives = 0;
  const framer = messageFramer(
    (bytes) => messages.push(Buffer.from(bytes).toString("latin1")),
    () => (keepAlives += 1),
    (_, why) => garbage.push(why),
    limits,
  );
  for (const chunk of chunks) framer.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return { messages, keepAlives, garbage };
}

function message(body: string, header = `Content-Length: ${Buffer.byteLength(body)}`): string {
  return `MESSAGE sip:b@example.test SIP/2.0\r\n${header}\r\nSubject: x\r\n\r\n${body}`;
}

const latin1 = (text: string): string => Buffer.from(text).toString("latin1");

describe("messageFramer", () => {
  test("cuts messages by Content-Length in bytes, compact and folded too", () => {
    const all = [message("äöü"), message("ab", "l: 2"), message("ab", "CONTENT-LENGTH :\r\n 2"), message("")];
    expect(frame([all.join("")])).toEqual({ messages: all.map(latin1), keepAlives: 0, garbage: [] });
  });

  test("a message body that looks like messages and keep-alives stays a body", () => {
    const inner = message(`\r\n\r\n${message("x")}`);
    expect(frame([message(inner)]).messages).toEqual([message(inner)]);
  });

  test("CRLFs between messages are ignored and each two are a keep-alive", () => {
    const one = message("");
    expect(frame([`\r\n\r\n${one}\r\n${one}\r\n\r\n\r\n\r\n`])).toEqual({
      messages: [one, one],
      keepAlives: 3,
      garbage: [],
    });
  });

  test("a message with bare line feeds is framed", () => {
    const text = "OPTIONS sip:b@example.test SIP/2.0\nl: 0\n\n";
    expect(frame([text, message("")]).messages).toEqual([text, message("")]);
  });

  test("without Content-Length the body counts as empty and what follows is garbage until the next message", () => {
    const bare = message("", "X: y");
    const framed = frame([`${bare}v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n`, message("next")]);
    expect(framed).toEqual({ messages: [bare, message("next")], keepAlives: 0, garbage: ["no SIP start line"] });
  });

  test.each([
    ["is negative", "Content-Length: -1"],
    ["is no number", "Content-Length: many"],
    ["contradicts itself", "Content-Length: 3\r\nl: 4"],
    ["is huge", "Content-Length: 99999999999"],
  ])("where Content-Length %s the head is the message and the next message is found again", (_, header) => {
    const head = message("", header);
    const framed = frame([`${head}body\r\n${message("next")}`]);
    expect(framed.messages).toEqual([head, message("next")]);
    expect(framed.garbage).toHaveLength(1);
  });

  test("a head that never ends is garbage and does not stop what follows", () => {
    const endless = `OPTIONS sip:b@example.test SIP/2.0\r\n${`X: ${"y".repeat(1000)}\r\n`.repeat(70)}`;
    const framed = frame([endless, endless, `\r\n${message("next")}`]);
    expect(framed.messages.map((text) => text.slice(-4))).toEqual(["next"]);
    expect(framed.garbage).toHaveLength(2);
  });

  test("binary garbage is reported at once, once, and bounded", () => {
    const reports: number[] = [];
    const framer = messageFramer(
      () => {},
      () => {},
      (bytes) => reports.push(bytes.length),
    );
    framer.push(Buffer.alloc(500_000, 0x16));
    framer.push(Buffer.alloc(500_000, 0x16));
    expect(reports).toEqual([1024]);
  });

  test("an endless line without a start line is garbage", () => {
    const framed = frame(Array.from({ length: 10 }, () => "x".repeat(1000)));
    expect(framed).toEqual({ messages: [], keepAlives: 0, garbage: ["no SIP start line"] });
  });

  test("what arrives byte by byte is handled in time in proportion to its length", () => {
    const text = Buffer.from(message("x".repeat(30_000), `X: ${"y".repeat(30_000)}\r\nContent-Length: 30000`));
    const chunks = Array.from(text, (byte) => Uint8Array.of(byte));
    expect(frame(chunks).messages).toEqual([text.toString()]);
  });

  test("any chunking gives the same messages and keep-alives", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 30 }).map((body) => message(body)),
      fc.constantFrom(
        "\r\n",
        "\r\n\r\n",
        message("", "l: x"),
        message("", "X: y"),
        "v=0\r\n",
        "\u0000\u0001\r\n",
        "OPTIONS sip:b@example.test SIP/2.0\nl: 1\n\n\n",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 }),
        (pieces, sizes) => {
          const bytes = Buffer.from(pieces.join(""));
          const chunks: Uint8Array[] = [];
          for (let at = 0, index = 0; at < bytes.length; index += 1) {
            const size = sizes[index % sizes.length] ?? 1;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(frame(chunks)).toEqual(frame([bytes]));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("well-formed messages all come through any chunking", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 50 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 17 }),
        (bodies, size) => {
          const bytes = Buffer.from(bodies.map((body) => message(body)).join(""));
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          expect(frame(chunks)).toEqual({
            messages: bodies.map((body) => latin1(message(body))),
            keepAlives: 0,
            garbage: [],
          });
        },
      ),
    );
  });

  test("hostile bytes never throw and never make it hold more than its limit", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
        const framed = frame(chunks, { maxMessageBytes: 1000 });
        for (const text of framed.messages) expect(text.length).toBeLessThanOrEqual(MAX_HEAD_BYTES);
      }),
    );
  });
});
