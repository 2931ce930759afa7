import { huffmanCodes } from "../huffman.ts";
import type { HeaderField } from "../http-exchange.ts";

/** How a field is written (RFC 7541 section 6). */
export interface FieldForm {
  /** Puts it into the table, and takes it from there when it is in it. */
  readonly indexing: boolean;
  readonly huffman: boolean;
  /** Names by index where there is one. */
  readonly nameIndex: boolean;
}

/** Header blocks as a client writes them, in any form; it keeps its own table. */
export interface HpackEncoder {
  field(field: HeaderField, form: FieldForm): Buffer;
  resize(maxSize: number): Buffer;
}

const STATIC: readonly (readonly [index: number, name: string, value?: string])[] = [
  [1, ":authority"],
  [3, ":method", "POST"],
  [4, ":path", "/"],
  [7, ":scheme", "https"],
  [23, "authorization"],
  [31, "content-type"],
];
const STATIC_ENTRIES = 61;
const codes = new Map(huffmanCodes().map(({ symbol, code, bits }) => [symbol, code.toString(2).padStart(bits, "0")]));

export function hpackEncoder(): HpackEncoder {
  let max = 4096;
  // The newest first.
  let table: readonly HeaderField[] = [];
  const fit = (fields: readonly HeaderField[]) => {
    let size = 0;
    return fields.filter(([name, value]) => (size += name.length + value.length + 32) <= max);
  };
  const indexOf = (name: string, value?: string) => {
    const at = table.findIndex((entry) => entry[0] === name && (value === undefined || entry[1] === value));
    if (at >= 0) return STATIC_ENTRIES + 1 + at;
    return STATIC.find((entry) => entry[1] === name && (value === undefined || entry[2] === value))?.[0];
  };
  return {
    field([name, value], { indexing, huffman, nameIndex }) {
      const whole = indexing ? indexOf(name, value) : undefined;
      if (whole !== undefined) return integer(0x80, 7, whole);
      const known = nameIndex ? indexOf(name) : undefined;
      const [pattern, prefix] = indexing ? [0x40, 6] : [0, 4];
      const start = integer(pattern, prefix, known ?? 0);
      if (indexing) table = fit([[name, value], ...table]);
      return Buffer.concat([start, ...(known === undefined ? [text(name, huffman)] : []), text(value, huffman)]);
    },
    resize(maxSize) {
      max = maxSize;
      table = fit(table);
      return integer(0x20, 5, maxSize);
    },
  };
}

/** A string of one character per byte, by the Huffman code where that is asked for. */
export function huffmanEncode(value: string): Buffer {
  const bits = Array.from(Buffer.from(value, "latin1"), (byte) => codes.get(byte)).join("");
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
  return Buffer.from((padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function text(value: string, huffman: boolean): Buffer {
  const bytes = huffman ? huffmanEncode(value) : Buffer.from(value, "latin1");
  return Buffer.concat([integer(huffman ? 0x80 : 0, 7, bytes.length), bytes]);
}

function integer(pattern: number, prefix: number, value: number): Buffer {
  const largest = 2 ** prefix - 1;
  if (value < largest) return Buffer.from([pattern | value]);
  const bytes = [pattern | largest];
  let left = value - largest;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return Buffer.from([...bytes, left]);
}
