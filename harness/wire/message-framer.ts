import { byteQueue } from "./byte-queue.ts";
import { announcedLength } from "./content-length.ts";

/** A start line with its header fields that is longer counts as garbage. */
export const MAX_HEAD_BYTES = 64 * 1024;
const maxStartLineBytes = 8 * 1024;
const maxReportedGarbageBytes = 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const startLine = /^(?:SIP\/[0-9]|[!-~]+ .* SIP\/[0-9]+\.[0-9]+[ \t]*\r?\n$)/i;

export interface MessageFramer {
  push(chunk: Uint8Array): void;
}

/**
 * Cuts SIP messages out of a byte stream by Content-Length (RFC 3261 sections 7.5 and 18.3). However the bytes are chunked, the same
 * messages and keep-alives come out.
 *
 * - CRLFs between messages are ignored; each two of them are a keep-alive ping (RFC 5626 section 3.5.1).
 * - Without Content-Length the body counts as empty. Where it is unreadable, contradictory or takes the message over the limit, the head
 *   alone is the message, so that its findings are not lost, and the body is garbage.
 * - Garbage is reported once, when it begins, with at most 1 KiB of what is there; then everything is skipped up to the next line that
 *   looks like a SIP start line. Never much more than `maxMessageBytes` is held.
 */
export function messageFramer(
  onMessage: (bytes: Uint8Array) => void,
  onKeepAlive: () => void,
  onGarbage: (bytes: Uint8Array, why: string) => void,
  limits: { readonly maxMessageBytes: number } = { maxMessageBytes: 1024 * 1024 },
): MessageFramer {
  const queue = byteQueue();
  /** True from garbage on until the next start line. */
  let lost = false;
  /** True while the rest of a line is being skipped. */
  let insideGarbageLine = false;
  /** CRLFs since the last message or ping. */
  let lineEnds = 0;
  /** How far the head was searched for its end. */
  let searched = 0;
  /** Whole length of the message at hand once its head was read. */
  let messageLength: number | undefined;

  function loseSync(why: string): void {
    if (!lost) onGarbage(Uint8Array.from(queue.bytes().subarray(0, maxReportedGarbageBytes)), why);
    lost = true;
    insideGarbageLine = true;
    searched = 0;
  }

  function deliver(length: number): void {
    const message = Uint8Array.from(queue.bytes().subarray(0, length));
    queue.drop(length);
    searched = 0;
    messageLength = undefined;
    onMessage(message);
  }

  function skipLine(): boolean {
    const end = queue.bytes().indexOf(lineFeed);
    insideGarbageLine = end < 0;
    queue.drop(end < 0 ? queue.bytes().length : end + 1);
    return end >= 0;
  }

  function skipLineEnds(): void {
    const bytes = queue.bytes();
    let at = 0;
    for (; at < bytes.length; at += 1) {
      if (bytes[at] === lineFeed) continue;
      if (bytes[at] !== carriageReturn || bytes[at + 1] !== lineFeed) break;
      at += 1;
      lineEnds += 1;
      if (lineEnds === 2) {
        lineEnds = 0;
        onKeepAlive();
      }
    }
    queue.drop(at);
  }

  /** True when the bytes held begin with a start line; otherwise they wait for more, or sync is lost. */
  function atStartLine(bytes: Buffer): boolean {
    const end = bytes.indexOf(lineFeed);
    if (end >= 0 && end < maxStartLineBytes) {
      if (startLine.test(bytes.toString("latin1", 0, end + 1))) return true;
    } else if (end < 0 && bytes.length < maxStartLineBytes && couldBeginStartLine(bytes)) {
      return false;
    }
    loseSync("no SIP start line");
    return false;
  }

  /** Handles what stands in front; false when more bytes are needed. */
  function step(): boolean {
    if (insideGarbageLine) return skipLine();
    if (messageLength === undefined) {
      if (searched === 0) {
        if (!lost) skipLineEnds();
        if (queue.bytes().length === 0) return false;
        if (!atStartLine(queue.bytes())) return insideGarbageLine;
        lost = false;
        lineEnds = 0;
      }
      const bytes = queue.bytes();
      const end = headEnd(bytes, searched);
      if (end === undefined && bytes.length <= MAX_HEAD_BYTES) {
        searched = bytes.length;
        return false;
      }
      if (end === undefined || end > MAX_HEAD_BYTES) {
        loseSync(`no end of header fields within ${MAX_HEAD_BYTES} bytes`);
        return true;
      }
      const announced = announcedLength(bytes.toString("latin1", 0, end));
      if (typeof announced === "string" || end + announced > limits.maxMessageBytes) {
        const head = Uint8Array.from(bytes.subarray(0, Math.min(end, maxReportedGarbageBytes)));
        deliver(end);
        onGarbage(head, typeof announced === "string" ? announced : `Content-Length ${announced} is over the limit`);
        lost = true;
        return true;
      }
      messageLength = end + announced;
    }
    if (queue.bytes().length < messageLength) return false;
    deliver(messageLength);
    return true;
  }

  return {
    push(chunk) {
      queue.append(chunk);
      while (step());
    },
  };
}

/** A lone CR may be half a keep-alive; anything else must be a printable character. */
function couldBeginStartLine(bytes: Buffer): boolean {
  const first = bytes[0] ?? 0;
  return first === carriageReturn ? bytes.length === 1 : first > 0x20 && first < 0x7f;
}

/** Index behind the empty line that ends a head; bare line feeds count, the parser notes them. */
function headEnd(bytes: Buffer, searched: number): number | undefined {
  // An end that was seen in part begins at most two bytes before what was searched.
  for (let at = bytes.indexOf(lineFeed, Math.max(0, searched - 2)); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2;
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return at + 3;
  }
  return undefined;
}
