import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineReader } from "./line-reader.ts";
import type { LinkProblem } from "./link-problem.ts";

function read(chunks: readonly Uint8Array[], maxBytes = 1000): { lines: string[]; problems: LinkProblem[] } {
  const lines: string[] = [];
  const problems: LinkProblem[] = [];
  const reader = lineReader(
    maxBytes,
    (line) => lines.push(line),
    (problem) => problems.push(problem),
  );
  for (const chunk of chunks) reader.push(chunk);
  reader.finish();
  return { lines, problems };
}

function chunked(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let nth = 0; at < bytes.length; nth += 1) {
    const size = sizes[nth % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe("the lines of an adapter", () => {
  test("are the same however the bytes are chunked", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.replaceAll("\n", " "));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (lines, sizes) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(""));
        expect(read(chunked(bytes, sizes))).toEqual({
          lines: lines.map((one) => Buffer.from(one).toString()),
          problems: [],
        });
      }),
    );
  });

  test("one that is too long is named once and skipped, and the next one is read", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), (sizes) => {
        const bytes = Buffer.from(`first\n${"x".repeat(1001)}\nnext\n`);
        expect(read(chunked(bytes, sizes))).toEqual({
          lines: ["first", "next"],
          problems: [{ kind: "too-long", limitBytes: 1000 }],
        });
      }),
    );
  });

  test("one that is not UTF-8 is no JSON, and the next one is read", () => {
    const bytes = Buffer.concat([Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), Buffer.from("next\n")]);
    expect(read([bytes])).toEqual({ lines: ["next"], problems: [{ kind: "not-json", excerpt: "{\ufffd}" }] });
  });

  test("one without an end is named when the stream is over", () => {
    expect(read([Buffer.from("whole\nhalf")])).toEqual({
      lines: ["whole"],
      problems: [{ kind: "unfinished-line", excerpt: "half" }],
    });
  });
});
