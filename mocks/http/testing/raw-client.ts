import type { TLSSocket } from "node:tls";
import { HarnessFault } from "../../../harness/errors.ts";
import { FRAME_HEADER_BYTES, payloadLength, streamOf } from "../frame.ts";

export interface SeenFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** What a server says over a raw connection, as HTTP/2 frames. */
export interface FrameReader {
  readonly frames: readonly SeenFrame[];
  /** Resolves with the first frame that is as asked for, also one that came before; rejects after 5 s or when the other end closed. */
  next(what: string, isIt: (frame: SeenFrame) => boolean): Promise<SeenFrame>;
}

export function readFrames(socket: TLSSocket): FrameReader {
  const frames: SeenFrame[] = [];
  const watchers = new Set<() => void>();
  let held = Buffer.alloc(0);
  let isClosed = false;
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      if (held.length < FRAME_HEADER_BYTES) break;
      const end = FRAME_HEADER_BYTES + payloadLength(held, 0);
      if (held.length < end) break;
      const payload = held.subarray(FRAME_HEADER_BYTES, end);
      frames.push({ type: held[3]!, flags: held[4]!, stream: streamOf(held, 0), payload });
      held = held.subarray(end);
    }
    for (const look of watchers) look();
  });
  socket.once("close", () => {
    isClosed = true;
    for (const look of watchers) look();
  });
  return {
    frames,
    async next(what, isIt) {
      return new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(deadline);
          watchers.delete(look);
          act();
        };
        const fail = () => settle(() => reject(new HarnessFault("test-no-frame", `never came: ${what}`)));
        const deadline = setTimeout(fail, 5000);
        const look = () => {
          const found = frames.find(isIt);
          if (found !== undefined) settle(() => resolve(found));
          else if (isClosed) fail();
        };
        watchers.add(look);
        look();
      });
    },
  };
}
