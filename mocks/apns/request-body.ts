import type { ServerHttp2Stream } from "node:http2";
import type { Clock } from "../../harness/clock/clock.ts";

/** How the body of a request ended. `cut`: it was longer than asked for, and nothing more is read. */
export type RequestBody =
  | { readonly kind: "complete" | "cut"; readonly bytes: Uint8Array }
  /** The deadline came first. */
  | { readonly kind: "stalled" }
  /** The client reset the stream or the connection went away. */
  | { readonly kind: "gone" };

/** Collects the body of a request: at most `maxBytes`, within `deadlineMs`. Never rejects. */
export async function collectBody(
  stream: ServerHttp2Stream,
  limits: { readonly maxBytes: number; readonly deadlineMs: number; readonly clock: Clock },
): Promise<RequestBody> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const cancelDeadline = limits.clock.after(limits.deadlineMs, () => settle({ kind: "stalled" }));
    const settle = (body: RequestBody) => {
      cancelDeadline();
      stream.off("data", onData).off("end", onEnd).off("close", onClose);
      resolve(body);
    };
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limits.maxBytes) return;
      // Unread bytes stay with the client: its flow-control window is not opened again.
      stream.pause();
      settle({ kind: "cut", bytes: Buffer.concat(chunks).subarray(0, limits.maxBytes) });
    };
    const onEnd = () => settle({ kind: "complete", bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) });
    const onClose = () => settle({ kind: "gone" });
    stream.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}
