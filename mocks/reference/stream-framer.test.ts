import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { header, type SipRequest } from "./sip-message.ts";
import { parseMessage, serialise } from "./sip-text.ts";
import { streamFramer } from "./stream-framer.ts";

function request(body: Uint8Array, name: string): SipRequest {
  const headers = [header("Via", "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1"), header("X-Name", name)];
  return { kind: "request", method: "MESSAGE", uri: "sip:a@b", headers, body: Buffer.from(body) };
}

function framed(chunks: readonly Buffer[]): {
  readonly messages: readonly Buffer[];
  readonly pings: number;
  readonly broken: boolean;
} {
  const messages: Buffer[] = [];
  let pings = 0;
  let broken = false;
  const push = streamFramer({
    onMessage: (bytes) => messages.push(bytes),
    onPing: () => {
      pings += 1;
    },
    onBroken: () => {
      broken = true;
    },
  });
  for (const chunk of chunks) push(chunk);
  return { messages, pings, broken };
}

describe("a stream of messages", () => {
  test("is cut at the same places however it arrives", () => {
    const name = fc.stringMatching(/^[ -~]{0,20}$/);
    fc.assert(
      fc.property(
        fc.array(fc.record({ body: fc.uint8Array({ maxLength: 60 }), name, ping: fc.boolean() }), { maxLength: 5 }),
        fc.array(fc.nat({ max: 700 }), { maxLength: 20 }),
        (sent, cuts) => {
          const wire = sent.map((one) => serialise(request(one.body, one.name)));
          const stream = Buffer.concat(
            wire.flatMap((bytes, at) => (sent[at]?.ping === true ? [bytes, Buffer.from("\r\n\r\n")] : [bytes])),
          );
          const places = [0, ...cuts.map((cut) => Math.min(cut, stream.length)), stream.length].toSorted(
            (a, b) => a - b,
          );
          const chunks = places.slice(1).map((end, at) => stream.subarray(places[at], end));
          expect(framed(chunks).messages.map((bytes) => bytes.toString("hex"))).toEqual(
            wire.map((bytes) => bytes.toString("hex")),
          );
        },
      ),
    );
  });

  test("gives back what was written", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (body) => {
        const read = parseMessage(serialise(request(body, "x")));
        expect(read?.body.equals(Buffer.from(body))).toBe(true);
      }),
    );
  });

  test("answers double line ends as keep-alives and breaks at what has no end", () => {
    expect(framed([Buffer.from("\r\n\r\n")])).toMatchObject({ pings: 1, broken: false });
    expect(framed([Buffer.alloc(70_000, "x")])).toMatchObject({ broken: true });
    expect(framed([Buffer.from("A a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n")])).toMatchObject({ broken: true });
  });
});

describe("a message", () => {
  test("keeps bytes that are no UTF-8, compact names and folded lines", () => {
    const bytes = Buffer.from(
      'OPTIONS sip:a SIP/2.0\r\nv: SIP/2.0/UDP a,\r\n SIP/2.0/UDP b\r\nf: "\xff" <sip:x>\r\n\r\n',
      "latin1",
    );
    const read = parseMessage(bytes);
    expect(read?.headers.map((field) => [field.name, field.value])).toEqual([
      ["via", "SIP/2.0/UDP a"],
      ["via", "SIP/2.0/UDP b"],
      ["from", '"\xff" <sip:x>'],
    ]);
    expect(read === undefined ? "" : serialise(read).toString("latin1")).toContain('f: "\xff" <sip:x>\r\n');
  });

  test("is none without a start line, an end of headers or all of its body", () => {
    for (const text of [
      "\r\n\r\n",
      "hello\r\n\r\n",
      "OPTIONS sip:a SIP/2.0\r\n",
      "OPTIONS sip:a SIP/2.0\r\nContent-Length: 5\r\n\r\nabc",
    ]) {
      expect(parseMessage(Buffer.from(text))).toBeUndefined();
    }
  });
});
