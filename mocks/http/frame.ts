/** Frame types and flags of HTTP/2 (RFC 9113 section 6), as far as anything here looks at them. */
export const FRAME = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  resetStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goAway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

export const FLAG = { ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Of the header of a frame (RFC 9113 section 4.1): 24 bits of length, type, flags, 31 bits of stream. */
export const FRAME_HEADER_BYTES = 9;

/** Every connection of a client begins with it (RFC 9113 section 3.4). */
export const CLIENT_PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** The length of the payload of the frame at an index. */
export function payloadLength(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

export function streamOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 5]! & 0x7f) << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!;
}

export function frameOf(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const header = [length >> 16, length >> 8, length, type, flags, stream >> 24, stream >> 16, stream >> 8, stream];
  return Buffer.concat([Uint8Array.from(header), payload]);
}
