import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLIENT_PREFACE, FLAG, FRAME, frameOf } from "./frame.ts";
import { frameTap } from "./frame-tap.ts";
import type { HeaderField, WireNote } from "./http-exchange.ts";
import { CLIENT_HELLO, headerBlock, headersFrame, PLAIN, REQUEST } from "./testing/client-frames.ts";
import { hpackEncoder } from "./testing/hpack-encoder.ts";

const MALFORMED: readonly HeaderField[] = REQUEST.map(([name, value]) =>
  name === ":scheme" ? [name, "https:"] : [name, value],
);

interface Tapped {
  readonly out: Buffer;
  readonly notes: readonly WireNote[];
  readonly requestNotes: readonly (readonly [stream: number, note: WireNote])[];
  readonly frames: readonly number[];
  readonly isIncomplete: boolean;
}

function tapped(chunks: readonly Buffer[]): Tapped {
  const notes: WireNote[] = [];
  const requestNotes: (readonly [number, WireNote])[] = [];
  const frames: number[] = [];
  const tap = frameTap({
    neverIndexed: new Set([":path", "authorization"]),
    indexedOnce: new Set(["apns-id", "apns-expiration"]),
    headerTableSize: 4096,
    maxFrameSize: 16_384,
    onFrame: (type) => frames.push(type),
    onNote: (note) => notes.push(note),
    onRequestNote: (stream, note) => requestNotes.push([stream, note]),
  });
  const out = Buffer.concat([...chunks.flatMap((chunk) => tap.take(chunk)), ...tap.rest()]);
  return { out, notes, requestNotes, frames, isIncomplete: tap.isIncomplete() };
}

/** The bytes cut at places that the numbers choose. */
function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
}

const places = fc.array(fc.nat({ max: 100_000 }), { maxLength: 40 });
const anyFrame = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 4, 6, 7, 8, 9, 77), fc.nat({ max: 255 }), fc.nat({ max: 9 }), fc.uint8Array())
  .map(([type, flags, stream, payload]) => frameOf(type, flags, stream, payload));

/** A request whose block is in as many frames as there are cuts, with padding and priority fields or not. */
function request(stream: number, block: Buffer, cuts: readonly number[], padding: number, priority: boolean): Buffer {
  const fragments = cutAt(block, cuts);
  return Buffer.concat(
    fragments.map((fragment, index) => {
      const end = index === fragments.length - 1 ? FLAG.endHeaders : 0;
      if (index > 0) return frameOf(FRAME.continuation, end, stream, fragment);
      const flags = end | FLAG.endStream | (padding > 0 ? FLAG.padded : 0) | (priority ? FLAG.priority : 0);
      const payload = [
        Buffer.from(padding > 0 ? [padding] : []),
        Buffer.from(priority ? [0, 0, 0, 0, 15] : []),
        fragment,
        Buffer.alloc(padding),
      ];
      return frameOf(FRAME.headers, flags, stream, Buffer.concat(payload));
    }),
  );
}

describe("the frame tap", () => {
  test("passes every byte on unchanged, whatever the frames hold and however they are cut", () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 12 }), places, (frames, cuts) => {
        const bytes = Buffer.concat([CLIENT_PREFACE, ...frames]);
        expect(tapped(cutAt(bytes, cuts)).out.equals(bytes)).toBe(true);
      }),
    );
  });

  test("passes on what is not HTTP/2", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), places, (garbage, cuts) => {
        const bytes = Buffer.from(garbage);
        expect(tapped(cutAt(bytes, cuts)).out.equals(bytes)).toBe(true);
      }),
    );
  });

  test("sees and repairs the same however the bytes are cut", () => {
    const form = fc.record({ indexing: fc.boolean(), huffman: fc.boolean(), nameIndex: fc.boolean() });
    const one = fc.tuple(fc.boolean(), form, places, fc.nat({ max: 20 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), places, (requests, cuts) => {
        const encoder = hpackEncoder();
        const frames = requests.map(([isMalformed, form, ...how], index) =>
          request(2 * index + 1, headerBlock(isMalformed ? MALFORMED : REQUEST, form, encoder), ...how),
        );
        const bytes = Buffer.concat([CLIENT_HELLO, ...frames]);
        const whole = tapped([bytes]);
        expect(tapped(cutAt(bytes, cuts))).toEqual(whole);
        expect(whole.isIncomplete).toBe(false);
        expect(whole.requestNotes.map(([stream]) => stream)).toEqual(
          requests.flatMap(([isMalformed], index) => (isMalformed ? [2 * index + 1] : [])),
        );
        expect(whole.out.equals(bytes)).toBe(whole.requestNotes.length === 0);
      }),
    );
  });

  test("takes the colon from a scheme and corrects the lengths", () => {
    const encoder = hpackEncoder();
    const huffman = { indexing: true, huffman: true, nameIndex: true };
    const block = encoder.field([":scheme", "https:"], huffman);
    // The static table's seventh name, and not its sixth as in other encoders; the value is the same.
    expect(block.toString("hex")).toBe("47859d29ad173f");
    const { out, requestNotes } = tapped([CLIENT_HELLO, headersFrame(1, block)]);
    const repaired = Buffer.concat([Buffer.from("4705", "hex"), Buffer.from("https")]);
    expect(out.equals(Buffer.concat([CLIENT_HELLO, headersFrame(1, repaired)]))).toBe(true);
    expect(requestNotes).toEqual([[1, { kind: "malformed-scheme", detail: ':scheme was "https:"' }]]);
  });

  test("notes once each field that is not to be indexed", () => {
    const fields: readonly HeaderField[] = [...REQUEST, ["authorization", "bearer x"], ["apns-topic", "a"]];
    const { notes } = tapped([
      CLIENT_HELLO,
      headersFrame(1, headerBlock(fields, PLAIN)),
      headersFrame(3, headerBlock(fields, { ...PLAIN, indexing: true })),
      headersFrame(5, headerBlock(fields, { indexing: true, huffman: true, nameIndex: false })),
    ]);
    expect(notes).toEqual([
      { kind: "indexed-field", detail: ":path was put into the HPACK table" },
      { kind: "indexed-field", detail: "authorization was put into the HPACK table" },
    ]);
  });

  test.each([true, false])(
    "notes once each field that is indexed again with another value (Huffman: %s)",
    (huffman) => {
      const encoder = hpackEncoder();
      const push = (id: string, expiration: string, indexing = true): Buffer => {
        const fields: readonly HeaderField[] = [...REQUEST, ["apns-expiration", expiration], ["apns-topic", id]];
        const form = { ...PLAIN, huffman };
        return Buffer.concat([
          headerBlock(fields, { ...form, indexing: true }, encoder),
          encoder.field(["apns-id", id], { ...form, indexing }),
        ]);
      };
      const first = [CLIENT_HELLO, headersFrame(1, push("a", "0")), headersFrame(3, push("b", "0", false))];
      const resized = Buffer.concat([encoder.resize(0), encoder.resize(4096), push("a", "0")]);
      const blameless = [...first, headersFrame(5, resized)];
      expect(tapped(blameless).notes.filter(({ kind }) => kind === "reindexed-field")).toEqual([]);
      const again = [
        headersFrame(7, push("c", "0")),
        headersFrame(9, push("d", "1")),
        headersFrame(11, push("e", "2")),
      ];
      expect(tapped([...blameless, ...again]).notes.filter(({ kind }) => kind === "reindexed-field")).toEqual([
        { kind: "reindexed-field", detail: "apns-id was put into the HPACK table again, with another value" },
        { kind: "reindexed-field", detail: "apns-expiration was put into the HPACK table again, with another value" },
      ]);
    },
  );

  test.each([
    ["a PRIORITY frame", frameOf(FRAME.priority, 0, 3, Buffer.alloc(5))],
    ["priority fields in a HEADERS frame", request(1, headerBlock(), [], 0, true)],
  ])("notes %s once", (detail, bytes) => {
    const { notes, out } = tapped([CLIENT_HELLO, bytes, bytes]);
    expect(notes).toEqual([{ kind: "priority", detail }]);
    expect(out.equals(Buffer.concat([CLIENT_HELLO, bytes, bytes]))).toBe(true);
  });

  test.each([
    ["an index beyond the table", "ff20"],
    ["a string beyond the block", "0005"],
    ["an integer without end", "7fffffffffffffffff"],
    ["a table larger than agreed", "3fe27f"],
    ["no name", "00"],
  ])("says nothing more of header blocks after %s, and goes on passing bytes", (_what, hex) => {
    const bytes = Buffer.concat([
      CLIENT_HELLO,
      headersFrame(1, Buffer.from(hex, "hex")),
      headersFrame(3, headerBlock(MALFORMED)),
      frameOf(FRAME.priority, 0, 3, Buffer.alloc(5)),
    ]);
    const { out, notes, requestNotes, frames } = tapped([bytes]);
    expect(out.equals(bytes)).toBe(true);
    expect(requestNotes).toEqual([]);
    expect(notes.map(({ kind }) => kind)).toEqual(["priority"]);
    expect(frames).toEqual([FRAME.settings, FRAME.headers, FRAME.headers, FRAME.priority]);
  });

  test("knows whether something is incomplete", () => {
    const bytes = Buffer.concat([CLIENT_HELLO, headersFrame(1), frameOf(FRAME.data, 0, 1, Buffer.alloc(10))]);
    const ends = new Set([CLIENT_PREFACE.length, CLIENT_HELLO.length, CLIENT_HELLO.length + headersFrame(1).length]);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(tapped([bytes.subarray(0, length)]).isIncomplete).toBe(!ends.has(length));
    }
    expect(tapped([bytes]).isIncomplete).toBe(false);
  });
});
