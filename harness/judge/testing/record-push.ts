import type { EventOf } from "../../trace/trace-event.ts";
import type { Details, TraceRecording } from "./trace-recording.ts";

export interface PushDetails extends Details {
  readonly token?: string;
  /** Default: that of the phone's platform. */
  readonly service?: "apns" | "fcm";
  /** Merged over the ordinary payload of the call; null leaves no payload at all but `{}`. */
  readonly payload?: Readonly<Record<string, unknown>> | null;
  readonly status?: number;
  readonly reason?: string;
  readonly timestampMs?: number;
  readonly retryAfterS?: number;
  /** FCM only: merged over its ordinary `android`. */
  readonly android?: Readonly<Record<string, unknown>>;
  /** Accepted, and held back until it is delivered this much later. */
  readonly storedForMs?: number;
  /** The stream is reset instead of answered. */
  readonly reset?: boolean;
  /** How often it is delivered; 0 = dropped by the plan. */
  readonly copies?: 0 | 1 | 2;
}

export interface PushTrail {
  readonly request: EventOf<"push.request">;
  readonly response?: EventOf<"push.response">;
  readonly reset?: EventOf<"push.reset">;
  readonly stored?: EventOf<"push.stored">;
  readonly delivered: readonly EventOf<"push.delivered">[];
  readonly dropped?: EventOf<"push.dropped">;
}

/** Records a push and everything that became of it. */
export function recordPush(
  recording: TraceRecording,
  input: Omit<PushDetails, "payload"> & {
    readonly push: string;
    readonly token: string;
    readonly service: "apns" | "fcm";
    readonly payload: Readonly<Record<string, unknown>>;
    readonly change: PushDetails["payload"] | undefined;
  },
): PushTrail {
  const {
    push,
    token,
    change,
    service,
    android,
    status = 200,
    reason,
    timestampMs,
    retryAfterS,
    storedForMs,
    reset,
    copies = 1,
    ...rest
  } = input;
  const { payload: ordinary, ...details } = rest;
  const changed = change === null ? {} : { ...ordinary, ...change };
  const payload = service === "apns" ? changed : dataOf(changed);
  const tied = {
    ...(details.phone === undefined ? {} : { phone: details.phone }),
    ...(details.call === undefined ? {} : { call: details.call }),
  };
  const request = recording.event(
    "target",
    "push-service",
    {
      kind: "push.request",
      service,
      push,
      connection: "connection-1",
      method: "POST",
      token,
      ...(service === "apns"
        ? {
            path: `/3/device/${token}`,
            headers: [
              ["apns-topic", recording.facts.apns.topic],
              ["apns-push-type", "voip"],
              ["apns-priority", "10"],
              ["apns-expiration", "0"],
            ],
            body: jsonOf(payload),
          }
        : {
            path: `/v1/projects/${recording.facts.fcm.projectId}/messages:send`,
            headers: [["content-type", "application/json"]],
            body: jsonOf({
              message: { token, data: payload, android: { priority: "HIGH", ttl: "20s", ...android } },
            }),
          }),
    } as const,
    details,
  );
  if (reset === true) {
    const end = recording.event("push-service", "target", { kind: "push.reset", service, push } as const, tied);
    return { request, reset: end, delivered: [] };
  }
  const response = recording.event(
    "push-service",
    "target",
    {
      kind: "push.response",
      service,
      push,
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(timestampMs === undefined ? {} : { timestampMs }),
      ...(retryAfterS === undefined ? {} : { retryAfterS }),
      scripted: status !== 200,
    } as const,
    tied,
  ) as EventOf<"push.response">;
  if (status !== 200) return { request, response, delivered: [] };
  if (copies === 0) {
    const dropped = recording.event(
      "push-service",
      "os",
      { kind: "push.dropped", push, token, why: "plan" } as const,
      tied,
    );
    return { request, response, delivered: [], dropped };
  }
  const stored =
    storedForMs === undefined
      ? undefined
      : recording.event(
          "push-service",
          "push-service",
          { kind: "push.stored", push, token, why: "doze" } as const,
          tied,
        );
  if (storedForMs !== undefined) recording.wait(storedForMs);
  const delivered = Array.from({ length: copies }, (_, index) =>
    recording.event(
      "push-service",
      "os",
      { kind: "push.delivered", push, token, copy: index + 1, payload } as const,
      tied,
    ),
  );
  return { request, response, delivered, ...(stored === undefined ? {} : { stored }) };
}

/** A payload as FCM carries it: every value a string, objects as JSON. */
function dataOf(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function jsonOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
