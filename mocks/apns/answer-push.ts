import { constants } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import type { Clock } from "../../harness/clock/clock.ts";
import type { PushDecision, PushOutcome, ReceivedPush } from "./apns-hooks.ts";

/**
 * Answers a push as decided. A response always carries `apns-id`; its body is empty with 200, else JSON with `reason`, and
 * with 410 `timestamp` in milliseconds (Apple, "Handling notification responses from APNs").
 */
export async function answerPush(
  stream: ServerHttp2Stream,
  push: ReceivedPush,
  decision: PushDecision,
  clock: Clock,
): Promise<PushOutcome> {
  if (decision.answerDelayMs > 0) await delayWhileOpen(stream, decision.answerDelayMs, clock);
  if (stream.closed || stream.destroyed) return { kind: "abandoned" };
  if (decision.kind === "reset") {
    // Not REFUSED_STREAM, which would tell the client that the push was not looked at (RFC 9113 section 8.7).
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return { kind: "reset" };
  }
  const { status, reason } = decision.kind === "status" ? decision : push.verdictByRules;
  const timestampMs = decision.kind === "status" && status === 410 ? decision.timestampMs : undefined;
  const body =
    reason === undefined
      ? undefined
      : JSON.stringify({ reason, ...(timestampMs === undefined ? {} : { timestamp: timestampMs }) });
  stream.respond(
    {
      ":status": status,
      "apns-id": push.verdictByRules.apnsId,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    { endStream: body === undefined },
  );
  if (body !== undefined) stream.end(body);
  // A request that was cut off is still being sent: the client may stop (RFC 9113 section 8.1).
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  return {
    kind: "response",
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(timestampMs === undefined ? {} : { timestampMs }),
    scripted: decision.kind === "status",
  };
}

async function delayWhileOpen(stream: ServerHttp2Stream, delayMs: number, clock: Clock): Promise<void> {
  if (stream.closed || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      cancel();
      stream.off("close", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    stream.once("close", done);
  });
}
