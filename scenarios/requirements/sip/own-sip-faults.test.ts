import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { ownSipFaults } from "./own-sip-faults.ts";
import { app, call, phone } from "./testing/app-ladder.ts";
import { answeredCall, cancelledCall, connected, replaced, without } from "./testing/ladders.ts";

describe("ownSipFaults", () => {
  test("finds nothing in correct calls", () => {
    expect(ownSipFaults(answeredCall().finished())).toEqual([]);
    expect(ownSipFaults(cancelledCall({ transport: "tcp" }).finished())).toEqual([]);
    expect(ownSipFaults(answeredCall({ features: { kind: "b2bua" } }).finished())).toEqual([]);
  });

  test.each([
    ["well-formed: header-without-colon", replaced("\r\nFrom:", "\r\nX-Broken\r\nFrom:")],
    ["mandatory-headers: missing-max-forwards", without("Max-Forwards")],
    ["via-branch-cookie: no-magic-cookie", replaced(/z9hG4bK-/u, "branch-")],
    ["max-forwards: no-hops-left", replaced("Max-Forwards: 70", "Max-Forwards: 0")],
  ])("names the rule our INVITE broke: %s", (start, edit) => {
    const ladder = connected();
    const invite = ladder.callerInvites("call:1", { edit });
    const [fault] = ownSipFaults(ladder.finished());
    expect(fault?.startsWith(`${start} at event ${invite.seq}`)).toBe(true);
  });

  test.each([
    ["to-tag: no-to-tag", replaced(";tag=phone:1-tag", "")],
    ["response-via: via-differs", replaced("\r\nVia: SIP/2.0/UDP caller.invalid", "\r\nVia: SIP/2.0/UDP else.invalid")],
    ["response-copies: cseq-differs", replaced("CSeq: 1 ", "CSeq: 5 ")],
  ])("names the rule our response broke: %s", (start, edit) => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 180, { edit });
    expect(ownSipFaults(ladder.finished())[0]?.startsWith(start)).toBe(true);
  });

  test("knows an INVITE by the sending that left when the network lost the first", () => {
    const { events, ...trace } = cancelledCall().finished();
    const invite = events.find((event) => event.by === "world" && event.call === "call:1" && event.kind === "sip")!;
    const later = (event: TraceEvent): TraceEvent => ({ ...event, seq: event.seq + 1 });
    const resent = [
      ...events.slice(0, invite.seq),
      { ...invite, fate: "lost" } as TraceEvent,
      { ...later(invite), retransmitOf: invite.seq },
      ...events.slice(invite.seq + 1).map(later),
    ];
    expect(ownSipFaults({ ...trace, events: resent })).toEqual([]);
    const neverSent = resent.map((event) =>
      event.retransmitOf === invite.seq ? ({ ...event, fate: "lost" } as TraceEvent) : event,
    );
    expect(ownSipFaults({ ...trace, events: neverSent })[0]).toMatch(/^cancel-matches-invite: branch-differs/);
  });

  test("takes the CANCEL to an app for right that went to it over its newer flow", () => {
    const t = app();
    t.inviteSent(phone, call);
    t.appSends(phone, call, 180);
    t.opensFlow(phone);
    t.registers(phone);
    t.cancelSent(phone, call, { flow: t.flowOf(phone) });
    expect(ownSipFaults(t.finished())).toEqual([]);
  });

  test("leaves alone what never left and what is an echo of the target's fault", () => {
    const lost = connected();
    lost.callerInvites("call:1", { edit: without("Max-Forwards"), fate: "lost" });
    expect(ownSipFaults(lost.finished())).toEqual([]);
    const echo = connected();
    echo.callerInvites("call:1");
    echo.inviteReaches("phone:1", "call:1", { edit: without("Call-ID") });
    echo.phoneSends("phone:1", "call:1", 180, { edit: without("Call-ID") });
    expect(ownSipFaults(echo.finished())).toEqual([]);
  });
});
