import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { huffmanDecode, huffmanDecodedLength } from "./huffman.ts";
import { huffmanEncode } from "./testing/hpack-encoder.ts";

describe("Huffman coded strings", () => {
  // RFC 7541 appendix C.4 and C.6.
  test.each([
    ["www.example.com", "f1e3c2e5f23a6ba0ab90f4ff"],
    ["no-cache", "a8eb10649cbf"],
    ["custom-value", "25a849e95bb8e8b4bf"],
    ["302", "6402"],
    ["Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff"],
    ["https:", "9d29ad173f"],
  ])("hold %s", (text, hex) => {
    const bytes = Buffer.from(hex, "hex");
    expect(huffmanDecode(bytes, 0, bytes.length)).toBe(text);
    expect(huffmanDecodedLength(bytes, 0, bytes.length)).toBe(text.length);
    expect(huffmanEncode(text).toString("hex")).toBe(hex);
  });

  test("hold any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (value) => {
        const text = Buffer.from(value).toString("latin1");
        const bytes = huffmanEncode(text);
        expect(huffmanDecode(bytes, 0, bytes.length)).toBe(text);
        expect(huffmanDecodedLength(bytes, 0, bytes.length)).toBe(text.length);
      }),
    );
  });

  test("do not hold the symbol that ends them", () => {
    const bytes = Buffer.from("ffffffff", "hex");
    expect(huffmanDecode(bytes, 0, 4)).toBeUndefined();
    expect(huffmanDecodedLength(bytes, 0, 4)).toBe(-1);
  });
});
