import { describe, expect, test } from "vitest";
import { sipOf } from "../../trace/sip-of.ts";
import { eventsOf } from "../../trace/query.ts";
import { traceBuilder } from "./trace-builder.ts";

describe("traceBuilder", () => {
  const whole = () => {
    const t = traceBuilder({ calls: [{ video: true }] });
    t.callerInvites("call:1");
    t.callerGets("call:1", 100);
    t.push("phone:1", "call:1");
    t.wakes("phone:1");
    t.inviteReaches("phone:1", "call:1");
    t.phoneSends("phone:1", "call:1", 200);
    t.callerGets("call:1", 200, { toTag: "phone:1-tag" });
    t.callerAcks("call:1");
    t.ackReaches("phone:1", "call:1");
    t.callerHangsUp("call:1");
    t.byeReaches("phone:1", "call:1");
    return t.finished();
  };

  test("numbers events without gaps and never goes back in time", () => {
    const { events, end } = whole();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events.every(({ atMs }, index) => atMs >= (events[index - 1]?.atMs ?? 0))).toBe(true);
    expect(end.atMs).toBe((events.at(-1)?.atMs ?? 0) + 1500);
  });

  test("writes messages the wire layer has nothing to say about", () => {
    const findings = eventsOf(whole(), "sip").map((event) => {
      const message = sipOf(event);
      return message.kind === "not-sip" ? message.why : message.findings.map(({ rule }) => rule);
    });
    expect(findings.flat()).toEqual([]);
  });

  test("starts with the phones' registrations and their sleep", () => {
    const kinds = traceBuilder({ phones: [{ signalling: "silent" }, { signalling: "logged-out" }] })
      .finished()
      .events.map(({ kind, phone }) => `${phone} ${kind}`);
    expect(kinds).toEqual([
      "phone:1 flow.opened",
      "phone:1 sip",
      "phone:1 sip",
      "phone:1 flow.silenced",
      "phone:2 flow.opened",
      "phone:2 sip",
      "phone:2 sip",
      "phone:2 sip",
      "phone:2 sip",
      "phone:2 flow.closed",
    ]);
  });
});
