import { FRAME, FRAME_HEADER_BYTES, payloadLength, streamOf } from "./frame.ts";

/** What a server said that its own code did not ask for: so the HTTP/2 engine found a fault in what the client sent. */
export interface OutboundWatchOptions {
  readonly onReset: (stream: number, errorCode: number) => void;
  /** `detail` is its debug data. */
  readonly onGoAway: (errorCode: number, detail: string) => void;
}

const ERROR_CODE_AT = FRAME_HEADER_BYTES + 4;
const DEBUG_DATA_AT = FRAME_HEADER_BYTES + 8;

/** Follows the frames that a server sends, whatever way they are cut into chunks, and tells of each RST_STREAM and GOAWAY. */
export function outboundWatch({ onReset, onGoAway }: OutboundWatchOptions): (chunk: Buffer) => void {
  let held: Buffer | undefined;
  let passing = 0;
  return (chunk) => {
    const bytes = held === undefined ? chunk : Buffer.concat([held, chunk]);
    held = undefined;
    let at = Math.min(passing, bytes.length);
    passing -= at;
    while (at < bytes.length) {
      if (bytes.length - at < FRAME_HEADER_BYTES) {
        held = bytes.subarray(at);
        return;
      }
      const type = bytes[at + 3];
      const end = at + FRAME_HEADER_BYTES + payloadLength(bytes, at);
      if (type === FRAME.resetStream || type === FRAME.goAway) {
        if (end > bytes.length) {
          held = bytes.subarray(at);
          return;
        }
        if (type === FRAME.resetStream) onReset(streamOf(bytes, at), bytes.readUInt32BE(at + FRAME_HEADER_BYTES));
        else onGoAway(bytes.readUInt32BE(at + ERROR_CODE_AT), bytes.toString("latin1", at + DEBUG_DATA_AT, end));
      }
      passing = Math.max(0, end - bytes.length);
      at = Math.min(end, bytes.length);
    }
  };
}
