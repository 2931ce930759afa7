import { CLIENT_PREFACE, FLAG, FRAME, frameOf } from "../frame.ts";
import type { HeaderField } from "../http-exchange.ts";
import { hpackEncoder } from "./hpack-encoder.ts";
import type { FieldForm, HpackEncoder } from "./hpack-encoder.ts";

/** Preface and empty SETTINGS: how the connection of a client begins. */
export const CLIENT_HELLO = Buffer.concat([CLIENT_PREFACE, frameOf(FRAME.settings, 0, 0, Buffer.alloc(0))]);

export const PLAIN: FieldForm = { indexing: false, huffman: false, nameIndex: true };

export const REQUEST: readonly HeaderField[] = [
  [":method", "POST"],
  [":scheme", "https"],
  [":path", "/push"],
  [":authority", "localhost"],
];

export function headerBlock(
  fields: readonly HeaderField[] = REQUEST,
  form: FieldForm = PLAIN,
  encoder: HpackEncoder = hpackEncoder(),
): Buffer {
  return Buffer.concat(fields.map((field) => encoder.field(field, form)));
}

export function headersFrame(stream: number, block: Buffer = headerBlock(), endStream = true): Buffer {
  return frameOf(FRAME.headers, FLAG.endHeaders | (endStream ? FLAG.endStream : 0), stream, block);
}

export function dataFrame(stream: number, body: Uint8Array, endStream = true): Buffer {
  return frameOf(FRAME.data, endStream ? FLAG.endStream : 0, stream, body);
}

/** SETTINGS with one parameter (RFC 9113 section 6.5.1). */
export function settingsFrame(identifier: number, value: number): Buffer {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(identifier);
  payload.writeUInt32BE(value, 2);
  return frameOf(FRAME.settings, 0, 0, payload);
}

/** A payload of one 32-bit number: RST_STREAM and WINDOW_UPDATE. */
export function numberFrame(type: number, stream: number, value: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(value);
  return frameOf(type, 0, stream, payload);
}

export function pingFrame(flags = 0): Buffer {
  return frameOf(FRAME.ping, flags, 0, Buffer.alloc(8));
}
