import { describe, expect, test } from "vitest";
import { sipEvents, sipOf } from "./sip-of.ts";
import type { SipFilter } from "./sip-of.ts";
import { someFacts } from "./testing/arbitrary-trace.ts";
import type { EventOf } from "./trace-event.ts";
import type { Trace } from "./trace.ts";

function sip(seq: number, text: string, more: Partial<EventOf<"sip">> = {}): EventOf<"sip"> {
  const ours = { from: "caller", to: "target", by: "world" } as const;
  const bytes = Buffer.from(`${text}\r\n\r\n`);
  return {
    seq,
    atMs: seq,
    lagMs: 0,
    ...ours,
    kind: "sip",
    transport: "udp",
    flow: "f1",
    bytes,
    fate: "delivered",
    ...more,
  };
}

const theirs = { from: "target", to: "phone", by: "target", phone: "phone:1", call: "call:1", flow: "f2" } as const;

const trace: Trace = {
  schema: "ringtrue.trace/1",
  scope: "case",
  facts: someFacts,
  events: [
    sip(0, "INVITE sip:b@example.test SIP/2.0\r\nCSeq: 1 INVITE"),
    sip(1, "INVITE sip:b@example.test SIP/2.0\r\nCSeq: 1 INVITE", theirs),
    sip(2, "SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE", { ...theirs, from: "phone", to: "target", by: "world" }),
    sip(3, "SIP/2.0 200 OK\r\nCSeq: 1 BYE", theirs),
    sip(4, "nonsense", theirs),
  ],
  end: { kind: "finished", atMs: 10, absenceFromMs: 5 },
};

describe("sipOf", () => {
  test("parses the bytes of an event, once", () => {
    const event = sip(0, "BYE sip:b@example.test SIP/2.0");
    expect(sipOf(event)).toMatchObject({ kind: "request", method: "BYE" });
    expect(sipOf(event)).toBe(sipOf(event));
  });
});

describe("sipEvents", () => {
  test.each<[SipFilter, readonly number[]]>([
    [{}, [0, 1, 2, 3, 4]],
    [{ by: "target" }, [1, 3, 4]],
    [{ lane: "caller" }, [0]],
    [{ phone: "phone:1" }, [1, 2, 3, 4]],
    [{ call: "call:2" }, []],
    [{ flow: "f1" }, [0]],
    [{ method: "INVITE" }, [0, 1, 2]],
    [{ method: "INVITE", kind: "request" }, [0, 1]],
    [{ kind: "response" }, [2, 3]],
    [{ status: 180 }, [2]],
    [{ method: "BYE", by: "target" }, [3]],
  ])("%j", (filter, expected) => {
    expect(sipEvents(trace, filter).map((event) => event.seq)).toEqual(expected);
  });
});
