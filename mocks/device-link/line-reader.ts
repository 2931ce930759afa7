import { byteQueue } from "../../harness/wire/byte-queue.ts";
import { excerptOf, type LinkProblem } from "./link-problem.ts";

const lineFeed = 0x0a;

/** Cuts a stream of bytes into lines of UTF-8, however it is chunked. */
export interface LineReader {
  push(chunk: Uint8Array): void;
  /** The stream is over; a line without an end is a problem. */
  finish(): void;
}

/**
 * A line that is too long is reported once, at once, and skipped to its end; never much more than `maxBytes` is held.
 * Each line and each problem is told in its turn; what is told may make `isWanted` false, after which nothing more is.
 */
export function lineReader(
  maxBytes: number,
  onLine: (line: string) => void,
  onProblem: (problem: LinkProblem) => void,
  isWanted: () => boolean = () => true,
): LineReader {
  const queue = byteQueue();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let searched = 0;
  let skipping = false;

  function textOf(line: Uint8Array): string | undefined {
    try {
      return decoder.decode(line);
    } catch {
      // JSON is UTF-8 (RFC 8259 section 8.1).
      return undefined;
    }
  }

  function step(): boolean {
    const bytes = queue.bytes();
    const end = bytes.indexOf(lineFeed, searched);
    const length = end < 0 ? bytes.length : end;
    const isTooLong = !skipping && length > maxBytes;
    if (isTooLong) {
      skipping = true;
      onProblem({ kind: "too-long", limitBytes: maxBytes });
    }
    if (end < 0) {
      if (skipping) queue.drop(bytes.length);
      searched = skipping ? 0 : bytes.length;
      return false;
    }
    searched = 0;
    if (skipping) {
      skipping = false;
      queue.drop(end + 1);
      return true;
    }
    const text = textOf(bytes.subarray(0, end));
    const excerpt = text === undefined ? excerptOf(bytes.subarray(0, Math.min(end, 800)).toString("utf8")) : "";
    queue.drop(end + 1);
    if (text === undefined) onProblem({ kind: "not-json", excerpt });
    else onLine(text);
    return true;
  }

  return {
    push(chunk) {
      queue.append(chunk);
      while (isWanted() && step());
    },
    finish() {
      const rest = queue.bytes();
      if (rest.length === 0 || skipping || !isWanted()) return;
      onProblem({ kind: "unfinished-line", excerpt: excerptOf(rest.subarray(0, 800).toString("utf8")) });
      queue.drop(rest.length);
    },
  };
}
