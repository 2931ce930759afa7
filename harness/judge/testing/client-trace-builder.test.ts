import { describe, expect, test } from "vitest";
import { eventsOf } from "../../trace/query.ts";
import { sipOf } from "../../trace/sip-of.ts";
import { clientTraceBuilder } from "./client-trace-builder.ts";
import { iosTrace } from "./ios-trace.ts";

const phone = "phone:1" as const;
const call = "call:1" as const;

describe("clientTraceBuilder", () => {
  const whole = () => {
    const t = iosTrace({ calls: [{ video: true }] });
    t.ringsForPush(phone, call);
    t.registers(phone);
    t.inviteSent(phone, call);
    t.appSends(phone, call, 100);
    t.appSends(phone, call, 180);
    t.answers(phone, call);
    t.appSends(phone, call, 200);
    t.ackSent(phone, call);
    t.fulfils(phone, call);
    t.audioActivates(phone);
    t.mediaStarts(phone, call);
    t.requestSent(phone, call, "OPTIONS");
    t.requestSent(phone, call, "INVITE", { body: "v=0\r\n" });
    t.appHangsUp(phone, call);
    t.ends(phone, call, "remoteEnded");
    t.inviteSent(phone, call);
    t.cancelSent(phone, call, { form: "answered-elsewhere" });
    return t.finished();
  };

  test("numbers events without gaps and never goes back in time", () => {
    const { events } = whole();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events.every(({ atMs }, index) => atMs >= (events[index - 1]?.atMs ?? 0))).toBe(true);
  });

  test("writes messages the wire layer has nothing to say about", () => {
    const findings = eventsOf(whole(), "sip").map((event) => {
      const message = sipOf(event);
      return message.kind === "not-sip" ? message.why : message.findings.map(({ rule }) => rule);
    });
    expect(findings.flat()).toEqual([]);
  });

  test("gives every event its phone, and every doing of the app's its cause", () => {
    const { events } = whole();
    expect(events.every((event) => event.phone === phone)).toBe(true);
    const caused = events.filter(({ kind, by }) => by === "target" && !/^(?:sip|flow|link)/u.test(kind));
    expect(caused.length).toBeGreaterThan(5);
    expect(caused.every(({ cause, seq }) => cause !== undefined && cause < seq)).toBe(true);
  });

  test("starts with every phone launched and registered, and asleep as the plan says", () => {
    const { events } = clientTraceBuilder({
      phones: [{ app: "killed" }, { app: "foreground", signalling: "logged-out" }],
    }).finished();
    const kinds = events.filter(({ kind }) => !kind.startsWith("link.")).map((event) => `${event.phone} ${event.kind}`);
    expect(kinds).toEqual([
      "phone:1 app.launched",
      "phone:1 flow.opened",
      "phone:1 sip",
      "phone:1 sip",
      "phone:1 app.terminated",
      "phone:1 flow.closed",
      "phone:2 app.launched",
    ]);
  });
});
