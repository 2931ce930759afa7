import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeTrace } from "./ndjson.ts";
import { redactTrace } from "./redact.ts";
import { arbitraryTrace, someFacts } from "./testing/arbitrary-trace.ts";
import type { TraceEvent } from "./trace-event.ts";
import type { Trace } from "./trace.ts";

const secret = 'p"ss wörd';

function traceOf(events: readonly TraceEvent[]): Trace {
  const target = { name: `Proxy ${secret}`, version: "1" };
  return {
    schema: "ringtrue.trace/1",
    scope: "run",
    facts: { ...someFacts, target },
    events,
    end: { kind: "interrupted", atMs: 1 },
  };
}

const envelope = { lagMs: 0, from: "target", to: "push-service", by: "target" } as const;
const bytes = Uint8Array.from(
  Buffer.from(
    [secret, encodeURIComponent(secret), JSON.stringify(secret), Buffer.from(secret).toString("base64"), "kept"].join(
      "|",
    ),
  ),
);
const trace = traceOf([
  { ...envelope, seq: 0, atMs: 1, kind: "sip", transport: "udp", flow: "f", bytes, fate: "delivered" },
  {
    ...envelope,
    seq: 1,
    atMs: 2,
    kind: "push.delivered",
    push: "1",
    token: "t",
    copy: 1,
    payload: { [secret]: [secret, 1, null, true] },
  },
]);

describe("redactTrace", () => {
  test("replaces a secret in every spelling and place by stars", () => {
    const text = encodeTrace(redactTrace(trace, ["unused", secret, ""]));
    for (const spelling of [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(JSON.stringify(secret)).slice(3, -3),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    ]) {
      expect(text).not.toContain(spelling);
    }
    expect(text).toContain("|kept");
    expect(redactTrace(trace, [secret]).facts.target.name).toBe(`Proxy ${"*".repeat(Buffer.byteLength(secret))}`);
  });

  test("keeps the length of messages, so that a judge measures the same", () => {
    const [before] = trace.events;
    const [after] = redactTrace(trace, [secret]).events;
    expect(after?.kind === "sip" && after.bytes.length).toBe(before?.kind === "sip" && before.bytes.length);
  });

  test("a secret inside another leaves nothing of the longer one", () => {
    const short = traceOf([{ ...envelope, seq: 0, atMs: 1, kind: "harness.fault", message: "abcdef abc" }]);
    expect(redactTrace(short, ["abc", "abcdef"]).events[0]).toMatchObject({ message: "****** ***" });
  });

  test("a trace without the secret is as it was, and the original is never changed", () => {
    fc.assert(
      fc.property(arbitraryTrace, (any) => {
        const before = encodeTrace(any);
        expect(redactTrace(any, ["a secret that stands nowhere"])).toEqual(any);
        expect(encodeTrace(any)).toBe(before);
      }),
    );
  });
});
