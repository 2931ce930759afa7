import { contentLength, headEnd } from "./sip-text.ts";

/** No head of this server's peers is that long; whatever is, is not SIP. */
const MAX_HEAD_BYTES = 65_536;
const MAX_BODY_BYTES = 1_048_576;

/**
 * Cuts a byte stream into messages by Content-Length (RFC 3261 18.3); a missing one counts as 0. CRLF keep-alives between
 * messages are handed to `onPing` when doubled (RFC 5626 4.4.1). `onBroken`: the stream cannot be followed any further.
 */
export function streamFramer(handlers: {
  readonly onMessage: (bytes: Buffer) => void;
  readonly onPing: () => void;
  readonly onBroken: () => void;
}): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let broken = false;
  return (chunk) => {
    if (broken) return;
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      while (pending[0] === 13 && pending[1] === 10) {
        const doubled = pending[2] === 13 && pending[3] === 10;
        if (doubled) handlers.onPing();
        pending = pending.subarray(doubled ? 4 : 2);
      }
      const end = headEnd(pending);
      const head = pending.toString("latin1", 0, Math.max(end, 0));
      const length = contentLength(head) ?? 0;
      if ((end < 0 && pending.length > MAX_HEAD_BYTES) || length > MAX_BODY_BYTES) {
        broken = true;
        handlers.onBroken();
        return;
      }
      if (end < 0 || pending.length < end + length) return;
      const message = pending.subarray(0, end + length);
      pending = pending.subarray(end + length);
      handlers.onMessage(message);
    }
  };
}
