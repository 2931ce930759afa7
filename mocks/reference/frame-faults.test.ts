import * as fc from "fast-check";
import { expect, test } from "vitest";
import { frameChanger, withIndexedPath, withPriority } from "./frame-faults.ts";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

function frame(type: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, 1]);
  return Buffer.concat([head, payload]);
}

/** A header block: `:method: POST`, `:path` without indexing, a name written out, a long value by a name of the table. */
const block = Buffer.concat([
  Buffer.from([0x20, 0x83, 0x04, 0x02]),
  Buffer.from("/3"),
  Buffer.from([0x00, 0x02, 0x04, 0x04, 0x01, 0x44]),
  Buffer.from([0x5f, 0x7f, 0x49, ...Buffer.alloc(200, 0x04)]),
]);

test("frames come out in order, however the stream was cut, and whatever is not HEADERS as it was", () => {
  const frames = fc.array(
    fc.record({ type: fc.constantFrom(0, 1, 4, 6), payload: fc.uint8Array({ maxLength: 200 }) }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(frames, fc.array(fc.nat(400)), (given, cuts) => {
      const made = given.map(({ type, payload }) => frame(type, Buffer.from(payload)));
      const bytes = Buffer.concat([preface, ...made]);
      const change = frameChanger(withPriority);
      const ends = [...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const out = ends.map((end, nth) => change(bytes.subarray(ends[nth - 1] ?? 0, end)));
      expect(Buffer.concat(out)).toEqual(Buffer.concat([preface, ...made.flatMap(withPriority)]));
    }),
  );
});

test("a PRIORITY frame goes before HEADERS, for the same stream", () => {
  const headers = frame(1, block);
  const [priority, kept] = withPriority(headers);
  expect(priority).toEqual(Buffer.from([0, 0, 5, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 15]));
  expect(kept).toEqual(headers);
});

test("the path, and nothing else, becomes a literal with incremental indexing", () => {
  for (const [flags, before] of [
    [0x4, Buffer.alloc(0)],
    [0x24, Buffer.from([0, 0, 0, 0, 15])],
  ] as const) {
    const [changed = Buffer.alloc(0)] = withIndexedPath(frame(1, Buffer.concat([before, block]), flags));
    const expected = Buffer.from(block);
    expected[2] = 0x44;
    expect(changed.subarray(9 + before.length)).toEqual(expected);
  }
});
