import { testFacts } from "../../../../harness/judge/testing/default-facts.ts";
import type { EventBody, TraceEvent } from "../../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../../harness/trace/trace.ts";

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

export function connectionOpened(connection: string): EventBody {
  return {
    kind: "connection.opened",
    service: "apns",
    connection,
    remote: "127.0.0.1:40000",
    tlsVersion: "TLSv1.3",
    alpn: "h2",
  };
}

export function pushOver(connection: string): EventBody {
  return {
    kind: "push.request",
    service: "apns",
    push: `push over ${connection}`,
    connection,
    method: "POST",
    path: "/3/device/aa",
    headers: [],
    body: new Uint8Array(),
  };
}
