import { testFacts } from "../../../../harness/judge/testing/default-facts.ts";
import type { EventBody, TraceEvent } from "../../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../../harness/trace/trace.ts";
import type { PushRule } from "../no-finding.ts";

/** A run's own trace of connections and pushes, events 10 ms apart unless they say when; for tests. */
export function runTrace(bodies: readonly (EventBody & { readonly atMs?: number })[]): Trace {
  const events = bodies.map(({ atMs, ...body }, seq) => ({
    seq,
    atMs: atMs ?? seq * 10,
    lagMs: 0,
    from: "target",
    to: "push-service",
    by: "target",
    ...body,
  })) as TraceEvent[];
  return {
    schema: "ringtrue.trace/1",
    scope: "run",
    facts: testFacts(),
    events,
    end: { kind: "finished", atMs: 5_000_000, absenceFromMs: 0 },
  };
}

export function connectionOpened(connection: string, service: "apns" | "fcm" = "apns", alpn = "h2"): EventBody {
  return { kind: "connection.opened", service, connection, remote: "127.0.0.1:40000", tlsVersion: "TLSv1.3", alpn };
}

export function pushOver(connection: string, service: "apns" | "fcm" = "apns"): EventBody {
  return {
    kind: "push.request",
    service,
    push: `push over ${connection}`,
    connection,
    method: "POST",
    path: service === "apns" ? "/3/device/aa" : "/v1/projects/test-project/messages:send",
    headers: [],
    body: new Uint8Array(),
  };
}

/** The answer to `pushOver` of that connection. */
export function answerOver(connection: string, service: "apns" | "fcm" = "apns"): EventBody {
  return { kind: "push.response", service, push: `push over ${connection}`, status: 200, scripted: false };
}

/** The token endpoint granted an access token, or refused to. */
export function accessToken(connection: string, fingerprint?: string): EventBody {
  const answer = fingerprint === undefined ? { status: 400, error: "invalid_grant" } : { status: 200, fingerprint };
  return { kind: "connection.access-token", service: "fcm", connection, ...answer };
}

/** What a rule of the service found wrong with the event of that `seq`. */
export function findingAbout(rule: PushRule, mismatch: string, about: number): EventBody {
  return { kind: "finding", rule, mismatch, expected: "what the rule asks for", actual: "what was sent", about };
}
