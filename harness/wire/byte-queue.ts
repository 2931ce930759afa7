/** Bytes waiting to be read: appended behind, dropped in front, without copying everything for each. */
export interface ByteQueue {
  append(chunk: Uint8Array): void;
  /** Forgets that many bytes in front. */
  drop(count: number): void;
  /** What is held, as a view that the next `append` makes stale. */
  bytes(): Buffer;
}

export function byteQueue(): ByteQueue {
  let store = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  return {
    append(chunk) {
      if (end + chunk.length > store.length) {
        const held = end - start;
        const needed = held + chunk.length;
        // Doubling keeps a stream that arrives byte by byte from being copied once per byte.
        const larger = needed > store.length / 2 ? Buffer.allocUnsafe(Math.max(needed * 2, 4096)) : store;
        store.copy(larger, 0, start, end);
        store = larger;
        start = 0;
        end = held;
      }
      store.set(chunk, end);
      end += chunk.length;
    },
    drop(count) {
      start = Math.min(start + count, end);
      if (start === end) {
        start = 0;
        end = 0;
        // A large message must not keep its memory for the life of the connection.
        if (store.length > 256 * 1024) store = Buffer.alloc(0);
      }
    },
    bytes: () => store.subarray(start, end),
  };
}
