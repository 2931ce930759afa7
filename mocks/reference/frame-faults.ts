import type { ClientSessionOptions } from "node:http2";
import { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import type { Fault } from "./faults.ts";

/** What a frame becomes on its way out. */
type FrameChange = (frame: Buffer) => readonly Buffer[];

const PREFACE_BYTES = 24;
const FRAME_HEAD_BYTES = 9;
const HEADERS = 1;
const PRIORITY = 2;
/** Flags of HEADERS that put something before the header block (RFC 9113 6.2). */
const PADDED = 0x8;
const WITH_PRIORITY = 0x20;
/** Indices of `:path` in the static table (RFC 7541 appendix A). */
const PATH_INDICES = [4, 5];

/** Makes HTTP/2 frames no HTTP library makes by itself, where a fault asks for them; undefined for every other fault. */
export function frameFault(fault: Fault, ca: Buffer | undefined): ClientSessionOptions | undefined {
  if (fault === "sends-priority-frames") return { createConnection: (url) => changing(tlsTo(url, ca), withPriority) };
  if (fault === "indexes-path") {
    return {
      createConnection: (url) => changing(tlsTo(url, ca), withIndexedPath),
      // Both ends keep an empty table: what is announced as added never is, and they stay in step.
      maxDeflateDynamicTableSize: 0,
    };
  }
  return undefined;
}

function tlsTo(url: URL, ca: Buffer | undefined): TLSSocket {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return connect({
    host,
    port: url.port === "" ? 443 : Number(url.port),
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ALPNProtocols: ["h2"],
    ...(ca === undefined ? {} : { ca }),
  });
}

/** A socket whose outgoing frames are changed; what comes in stays as it is. */
function changing(socket: TLSSocket, change: FrameChange): Duplex {
  const changed = frameChanger(change);
  const duplex = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      const bytes = changed(chunk);
      if (bytes.length === 0) done();
      else socket.write(bytes, (error) => done(error));
    },
    final: (done) => void socket.end(() => done()),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    if (!duplex.push(chunk)) socket.pause();
  });
  socket.on("end", () => duplex.push(null));
  socket.on("error", (error) => duplex.destroy(error));
  socket.on("close", () => duplex.destroy());
  return duplex;
}

/** Changes the frames of a client's byte stream (RFC 9113 3.4 and 4.1), wherever it is cut into chunks. */
export function frameChanger(change: FrameChange): (chunk: Buffer) => Buffer {
  let rest = Buffer.alloc(0);
  let begun = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const out: Buffer[] = [];
    for (;;) {
      const length = begun ? frameLength(rest) : PREFACE_BYTES;
      if (rest.length < length) return Buffer.concat(out);
      const whole = rest.subarray(0, length);
      out.push(...(begun ? change(whole) : [whole]));
      begun = true;
      rest = rest.subarray(length);
    }
  };
}

function frameLength(bytes: Buffer): number {
  return FRAME_HEAD_BYTES + (bytes.length < FRAME_HEAD_BYTES ? 0 : bytes.readUIntBE(0, 3));
}

/** A PRIORITY frame before each request (RFC 9113 6.3: also for a stream that is still idle). */
export function withPriority(frame: Buffer): readonly Buffer[] {
  if (frame[3] !== HEADERS) return [frame];
  const priority = Buffer.alloc(FRAME_HEAD_BYTES + 5);
  priority.writeUIntBE(5, 0, 3);
  priority[3] = PRIORITY;
  frame.copy(priority, 5, 5, FRAME_HEAD_BYTES);
  // Depends on the connection itself, with the default weight of 16.
  priority[priority.length - 1] = 15;
  return [priority, frame];
}

/** `:path` as a literal with incremental indexing (RFC 7541 6.2.1), whatever it was. */
export function withIndexedPath(frame: Buffer): readonly Buffer[] {
  if (frame[3] !== HEADERS) return [frame];
  const flags = frame[4] ?? 0;
  let at = FRAME_HEAD_BYTES + ((flags & PADDED) === 0 ? 0 : 1) + ((flags & WITH_PRIORITY) === 0 ? 0 : 5);
  const changed = Buffer.from(frame);
  while (at < frame.length) {
    const first = frame[at] ?? 0;
    // Indexed fields and table sizes are an integer alone; all else is a literal.
    const isLiteral = (first & 0x80) === 0 && (first & 0xe0) !== 0x20;
    const prefixBits = (first & 0x80) !== 0 ? 7 : (first & 0x40) !== 0 ? 6 : isLiteral ? 4 : 5;
    const index = integerAt(frame, at, prefixBits);
    if (isLiteral && PATH_INDICES.includes(index.value)) {
      changed[at] = 0x40 | index.value;
      break;
    }
    at = index.end;
    if (isLiteral && index.value === 0) at = stringEnd(frame, at);
    if (isLiteral) at = stringEnd(frame, at);
  }
  return [changed];
}

/** RFC 7541 5.1. */
function integerAt(bytes: Buffer, start: number, prefixBits: number): { readonly value: number; readonly end: number } {
  const most = 2 ** prefixBits - 1;
  let value = (bytes[start] ?? 0) & most;
  let end = start + 1;
  if (value < most) return { value, end };
  for (let scale = 1; end < bytes.length; scale *= 128) {
    const byte = bytes[end] ?? 0;
    end += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  return { value, end };
}

/** RFC 7541 5.2. */
function stringEnd(bytes: Buffer, start: number): number {
  const length = integerAt(bytes, start, 7);
  return length.end + length.value;
}
