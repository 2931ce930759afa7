import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { decodeTrace, encodeTrace } from "./ndjson.ts";
import { arbitraryTrace, someFacts } from "./testing/arbitrary-trace.ts";
import type { Trace } from "./trace.ts";

const trace: Trace = {
  schema: "ringtrue.trace/1",
  scope: "case",
  case: "caller-hangup-1",
  facts: someFacts,
  identities: { phones: {}, calls: {} },
  events: [
    {
      seq: 0,
      atMs: 1,
      lagMs: 0,
      from: "caller",
      to: "target",
      by: "world",
      kind: "sip",
      transport: "udp",
      flow: "caller-1",
      bytes: Uint8Array.from(Buffer.from("OPTIONS sip:é@example.test SIP/2.0\r\n\r\n")),
      fate: "delivered",
    },
    {
      seq: 1,
      atMs: 2.5,
      lagMs: 0.5,
      from: "target",
      to: "caller",
      by: "target",
      kind: "flow.garbage",
      transport: "tcp",
      flow: "caller-1",
      bytes: Uint8Array.of(0xff, 0x00),
      why: "no SIP start line",
    },
  ],
  end: { kind: "finished", atMs: 10, absenceFromMs: 5 },
};

/** The message of the UsageError that reading those lines throws. */
function refusal(lines: readonly string[]): string {
  try {
    decodeTrace(lines.join("\n"), "cases/a/trace.ndjson");
  } catch (error) {
    return error instanceof UsageError ? error.message : `not a UsageError: ${String(error)}`;
  }
  return "it was read";
}

describe("encodeTrace and decodeTrace", () => {
  test("any trace is the same after a round trip", () => {
    fc.assert(
      fc.property(arbitraryTrace, (any) => {
        expect(decodeTrace(encodeTrace(any), "trace.ndjson")).toEqual(any);
      }),
      { numRuns: 300 },
    );
  });

  test("one line for the header, one per event, one for the end, all readable by a person", () => {
    const lines = encodeTrace(trace).split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[4]).toBe("");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      schema: "ringtrue.trace/1",
      scope: "case",
      case: "caller-hangup-1",
    });
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({
      seq: 0,
      bytes: { text: "OPTIONS sip:é@example.test SIP/2.0\r\n\r\n" },
    });
    expect(JSON.parse(lines[2] ?? "")).toMatchObject({ seq: 1, bytes: { base64: "/wA=" } });
    expect(JSON.parse(lines[3] ?? "")).toEqual({ end: trace.end });
  });

  test("a trace without its end is refused, whatever is missing of it", () => {
    const whole = encodeTrace(trace);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 2 }), (length) => {
        expect(() => decodeTrace(whole.slice(0, length), "trace.ndjson")).toThrow(UsageError);
      }),
    );
  });

  test("messages name the file, the line and what to do", () => {
    const [header = "", first = "", second = "", end = ""] = encodeTrace(trace).split("\n");
    expect(refusal([header, first, second])).toMatch(
      /^cases\/a\/trace\.ndjson:3: .*cut off; copy the whole file or play it again/,
    );
    expect(refusal([header, first, second.slice(0, 20)])).toMatch(/^cases\/a\/trace\.ndjson:3: .*cut off/);
    expect(refusal([header.replace("trace/1", "trace/9"), first, second, end])).toMatch(
      /trace\.ndjson:1: .*ringtrue\.trace\/9/,
    );
    expect(refusal(['{"a":1}', end])).toMatch(/trace\.ndjson:1: it has no schema/);
    expect(refusal([header, second, end])).toMatch(/trace\.ndjson:2: seq 0 was due and 1 found/);
    expect(refusal([header, first, "{", end])).toMatch(/trace\.ndjson:3: the line is no JSON/);
    expect(refusal([header, "[]", end])).toMatch(/trace\.ndjson:2: the line is no JSON object/);
    expect(refusal([header, first.replace('"sip"', '"sop"'), end])).toMatch(
      /trace\.ndjson:2: there is no event kind "sop"/,
    );
    expect(refusal([header, first.replace('"flow":', '"glow":'), end])).toMatch(
      /trace\.ndjson:2: flow of the sip event/,
    );
    expect(refusal([header, first.replace('"text"', '"test"'), end])).toMatch(
      /trace\.ndjson:2: bytes of the sip event/,
    );
    expect(refusal(['{"schema":"ringtrue.trace/1","scope":"case"}', end])).toMatch(/trace\.ndjson:1: the header/);
    expect(refusal([])).toMatch(/trace\.ndjson:1: /);
  });
});
