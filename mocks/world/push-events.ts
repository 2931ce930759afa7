import type { EventBody, FindingEvent } from "../../harness/trace/trace-event.ts";
import type { PushFinding, PushOutcome, ReceivedPush } from "../push/push-hooks.ts";
import type { Between } from "./case-recorder.ts";

/** A push as the trace keeps it, of a case and of the run alike. */
export function pushRequested(push: ReceivedPush): Extract<EventBody, { kind: "push.request" }> {
  return {
    kind: "push.request",
    service: push.service,
    push: push.push,
    connection: push.connection,
    method: push.method,
    path: push.path,
    headers: push.headers,
    body: push.body,
    ...(push.token === undefined ? {} : { token: push.token }),
  };
}

/** How it ended; undefined where the client gave up before the answer. */
export function pushAnswered(
  { service, push }: ReceivedPush,
  outcome: PushOutcome,
): Extract<EventBody, { kind: "push.response" | "push.reset" }> | undefined {
  switch (outcome.kind) {
    case "abandoned":
      return undefined;
    case "reset":
      return { kind: "push.reset", service, push };
    case "response": {
      const { status, reason, timestampMs, retryAfterS, scripted } = outcome;
      return {
        kind: "push.response",
        service,
        push,
        status,
        scripted,
        ...(reason === undefined ? {} : { reason }),
        ...(timestampMs === undefined ? {} : { timestampMs }),
        ...(retryAfterS === undefined ? {} : { retryAfterS }),
      };
    }
  }
}

/** Notes what the rules found wrong with the event `about`, right behind it. */
export function recordFindings(
  recorder: { record(between: Between, body: FindingEvent): unknown },
  between: Between,
  findings: readonly PushFinding[],
  about: number,
): void {
  for (const finding of findings) recorder.record({ ...between, cause: about }, { kind: "finding", ...finding, about });
}
