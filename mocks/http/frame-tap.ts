import { CLIENT_PREFACE, FLAG, FRAME, FRAME_HEADER_BYTES, frameOf, payloadLength, streamOf } from "./frame.ts";
import { hpackFollower } from "./hpack-follower.ts";
import type { FollowerOptions, Repair } from "./hpack-follower.ts";
import type { WireNote } from "./http-exchange.ts";

export interface FrameTapOptions extends FollowerOptions {
  /** SETTINGS_MAX_FRAME_SIZE of the receiver. */
  readonly maxFrameSize: number;
  /** Of every frame, before its payload. */
  readonly onFrame: (type: number, flags: number, length: number, stream: number) => void;
  /** A habit of the client; each is noted once, `indexed-field` and `reindexed-field` once per field. */
  readonly onNote: (note: WireNote) => void;
  readonly onRequestNote: (stream: number, note: WireNote) => void;
}

/** Looks at what an HTTP/2 client sends. */
export interface FrameTap {
  /** Takes the next bytes; returns those that go on, which are the same but for repairs, some of them later. */
  take(chunk: Buffer): readonly Buffer[];
  /** What is still held back. */
  rest(): readonly Buffer[];
  /** A frame, a header block or the preface has begun and is not complete. */
  isIncomplete(): boolean;
  /** How many of them are complete. */
  completed(): number;
}

/** More is not held back: the receiver limits header blocks itself. */
const MAX_HELD_BYTES = 65_536;

/**
 * Follows the frames of a client (RFC 9113 sections 4 and 6) whatever way they are cut into chunks, passes them on, and repairs a
 * malformed `:scheme`. Only frame headers and header blocks that are cut into pieces are held back until they are whole. Where
 * it cannot follow any more, it passes on what comes and says nothing: the receiver will find the fault.
 */
export function frameTap(options: FrameTapOptions): FrameTap {
  const { maxFrameSize, onFrame, onNote, onRequestNote } = options;
  const follow = hpackFollower(options);
  const noted = new Set<string>();
  let prefaceLeft = CLIENT_PREFACE.length;
  let held: Buffer | undefined;
  /** Bytes left of a frame that only passes by. */
  let passing = 0;
  let isBlind = false;
  /** Header blocks are not looked into any more. */
  let isLost = false;
  let completed = 0;

  return {
    take,
    rest: () => (held === undefined ? [] : [held]),
    isIncomplete: () => !isBlind && (prefaceLeft > 0 || passing > 0 || held !== undefined),
    completed: () => completed,
  };

  function take(chunk: Buffer): readonly Buffer[] {
    if (isBlind) return [chunk];
    const bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
    held = undefined;
    let at = prefaceLeft > 0 ? takePreface(bytes) : 0;
    if (at === NO_PREFACE) {
      isBlind = true;
      return [bytes];
    }
    // Bytes before this one have been passed on, in pieces where there were repairs.
    let from = 0;
    let out: Buffer[] | undefined;
    while (at < bytes.length) {
      if (passing > 0) {
        const length = Math.min(passing, bytes.length - at);
        at += length;
        passing -= length;
        if (passing === 0) completed += 1;
        continue;
      }
      if (bytes.length - at < FRAME_HEADER_BYTES) break;
      const type = bytes[at + 3]!;
      if (type === FRAME.headers && !isLost) {
        const next = endOfHeaderBlock(bytes, at);
        if (next === INCOMPLETE) break;
        if (next === BROKEN) {
          isLost = true;
          continue;
        }
        const repaired = readHeaderBlock(bytes, at, next);
        if (repaired !== undefined) {
          out ??= [];
          if (at > from) out.push(bytes.subarray(from, at));
          out.push(repaired);
          from = next;
        }
        at = next;
        completed += 1;
        continue;
      }
      const [flags, length] = [bytes[at + 4]!, payloadLength(bytes, at)];
      onFrame(type, flags, length, streamOf(bytes, at));
      if (type === FRAME.priority) noteOnce("priority", "a PRIORITY frame");
      if (type === FRAME.headers && (flags & FLAG.priority) !== 0) notePriorityFields();
      at += FRAME_HEADER_BYTES;
      passing = length;
      if (length === 0) completed += 1;
    }
    if (at < bytes.length) held = bytes.subarray(at);
    if (out === undefined) return at === bytes.length && from === 0 ? [bytes] : passed(bytes, from, at);
    out.push(...passed(bytes, from, at));
    return out;
  }

  /** Returns where the frames begin. */
  function takePreface(bytes: Buffer): number {
    const length = Math.min(prefaceLeft, bytes.length);
    const begun = CLIENT_PREFACE.length - prefaceLeft;
    if (CLIENT_PREFACE.compare(bytes, 0, length, begun, begun + length) !== 0) {
      return NO_PREFACE;
    }
    prefaceLeft -= length;
    if (prefaceLeft === 0) completed += 1;
    return length;
  }

  /** Where the header block that begins with HEADERS at `at` ends: with the frame that has END_HEADERS. */
  function endOfHeaderBlock(bytes: Buffer, at: number): number {
    let next = at;
    for (let frames = 0; ; frames += 1) {
      if (next - at > MAX_HELD_BYTES) return BROKEN;
      if (bytes.length - next < FRAME_HEADER_BYTES) return INCOMPLETE;
      if (frames > 0 && bytes[next + 3] !== FRAME.continuation) return BROKEN;
      const length = payloadLength(bytes, next);
      if (length > maxFrameSize) return BROKEN;
      const flags = bytes[next + 4]!;
      next += FRAME_HEADER_BYTES + length;
      if (next > bytes.length) return INCOMPLETE;
      if ((flags & FLAG.endHeaders) !== 0) return next;
    }
  }

  /** Looks into a whole header block; returns the frames to put in its place where it needs a repair. */
  function readHeaderBlock(bytes: Buffer, at: number, next: number): Buffer | undefined {
    const flags = bytes[at + 4]!;
    const stream = streamOf(bytes, at);
    const length = payloadLength(bytes, at);
    onFrame(FRAME.headers, flags, length, stream);
    if ((flags & FLAG.priority) !== 0) notePriorityFields();
    let from = at + FRAME_HEADER_BYTES;
    let to = from + length;
    if ((flags & FLAG.padded) !== 0) to -= bytes[from++]!;
    const priorityFrom = from;
    if ((flags & FLAG.priority) !== 0) from += PRIORITY_FIELDS_BYTES;
    if (from > to) {
      isLost = true;
      return undefined;
    }
    let block = bytes;
    const isWhole = at + FRAME_HEADER_BYTES + length === next;
    const priorityTo = from;
    if (!isWhole) {
      block = joinFragments(bytes, from, to, at + FRAME_HEADER_BYTES + length, next);
      [from, to] = [0, block.length];
    }
    const reading = follow(block, from, to);
    isLost = reading.isLost;
    for (const name of reading.indexed) noteOnce("indexed-field", `${name} was put into the HPACK table`, name);
    for (const name of reading.reindexed) {
      noteOnce("reindexed-field", `${name} was put into the HPACK table again, with another value`, name);
    }
    if (reading.malformedScheme !== undefined) {
      onRequestNote(stream, { kind: "malformed-scheme", detail: `:scheme was "${reading.malformedScheme}"` });
    }
    if (reading.repairs.length === 0) return undefined;
    const repaired = replace(block, from, to, reading.repairs);
    const kept = flags & (FLAG.endStream | FLAG.priority);
    const priority = bytes.subarray(priorityFrom, priorityTo);
    return headerFrames(stream, kept, Buffer.concat([priority, repaired]), maxFrameSize);
  }

  function joinFragments(bytes: Buffer, from: number, to: number, nextFrame: number, end: number): Buffer {
    const fragments = [bytes.subarray(from, to)];
    for (let at = nextFrame; at < end;) {
      const length = payloadLength(bytes, at);
      onFrame(FRAME.continuation, bytes[at + 4]!, length, streamOf(bytes, at));
      fragments.push(bytes.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + length));
      at += FRAME_HEADER_BYTES + length;
    }
    return Buffer.concat(fragments);
  }

  function notePriorityFields(): void {
    noteOnce("priority", "priority fields in a HEADERS frame");
  }

  function noteOnce(kind: WireNote["kind"], detail: string, about = ""): void {
    if (noted.has(kind + about)) return;
    noted.add(kind + about);
    onNote({ kind, detail });
  }
}

const NO_PREFACE = -1;
const INCOMPLETE = -1;
const BROKEN = -2;
const PRIORITY_FIELDS_BYTES = 5;

function passed(bytes: Buffer, from: number, to: number): readonly Buffer[] {
  return to > from ? [bytes.subarray(from, to)] : [];
}

function replace(block: Buffer, from: number, to: number, repairs: readonly Repair[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = from;
  for (const repair of repairs) {
    parts.push(block.subarray(at, repair.from), repair.replacement);
    at = repair.to;
  }
  parts.push(block.subarray(at, to));
  return Buffer.concat(parts);
}

/** HEADERS and as many CONTINUATION frames as the payload needs. */
function headerFrames(stream: number, flags: number, payload: Buffer, maxFrameSize: number): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += maxFrameSize) {
    const end = at + maxFrameSize >= payload.length ? FLAG.endHeaders : 0;
    const [type, own] = at === 0 ? [FRAME.headers, flags] : [FRAME.continuation, 0];
    frames.push(frameOf(type, own | end, stream, payload.subarray(at, at + maxFrameSize)));
  }
  return Buffer.concat(frames);
}
