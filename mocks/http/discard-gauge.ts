import { FLAG, FRAME } from "./frame.ts";

/** Says that a client goes on with bodies that are thrown away. */
export interface DiscardGauge {
  /** Takes each frame of the client, in order. Why it is one too many, in words. */
  count(type: number, flags: number, length: number, stream: number): string | undefined;
  /** The server reset the stream. */
  reset(stream: number): void;
}

/** Of bodies that were cut off or are over. */
export const MAX_DISCARDED_BYTES = 1_048_576;
export const GOES_ON = `a body goes on for more than ${MAX_DISCARDED_BYTES} bytes after it was cut off`;

/**
 * Counts the DATA that comes on streams which were reset or have ended, over all of a connection. Node's engine throws it away
 * and opens the window of the connection again, without end. A client that heeds a reset has no more under way than the window
 * of the stream lets it (RFC 9113 sections 5.1 and 6.9), so `windowBytes` more may come for each stream that the server resets.
 */
export function discardGauge(windowBytes: number): DiscardGauge {
  /** Streams whose request has begun and not ended: as many as are open, at most. */
  const receiving = new Set<number>();
  let newest = 0;
  let left = MAX_DISCARDED_BYTES;
  return {
    count(type, flags, length, stream) {
      if (type === FRAME.data) {
        if (!receiving.has(stream)) left -= length;
        else if ((flags & FLAG.endStream) !== 0) receiving.delete(stream);
      } else if (type === FRAME.headers) {
        if ((flags & FLAG.endStream) !== 0) receiving.delete(stream);
        // A stream is opened once; header fields that come later are trailers, or thrown away.
        else if (stream > newest) receiving.add(stream);
        newest = Math.max(newest, stream);
      } else if (type === FRAME.resetStream) receiving.delete(stream);
      return left < 0 ? GOES_ON : undefined;
    },
    reset(stream) {
      if (receiving.delete(stream)) left += windowBytes;
    },
  };
}
