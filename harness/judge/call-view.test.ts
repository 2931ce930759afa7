import { describe, expect, test } from "vitest";
import type { Trace } from "../trace/trace.ts";
import { callsOf } from "./call-view.ts";
import { traceBuilder } from "./testing/trace-builder.ts";

const call = "call:1" as const;
const phone = "phone:1" as const;

const only = (trace: Trace) => {
  const [view] = callsOf(trace);
  if (view === undefined) throw new Error("no call in this trace");
  return view;
};

const woken = () => {
  const t = traceBuilder();
  t.callerInvites(call);
  t.callerGets(call, 100);
  t.push(phone, call);
  t.wakes(phone);
  return t;
};

describe("callsOf", () => {
  test("is worked out once per trace", () => {
    const trace = woken().finished();
    expect(callsOf(trace)).toBe(callsOf(trace));
  });

  test("knows both legs of an answered call", () => {
    const t = woken();
    const invite = t.inviteReaches(phone, call);
    t.phoneSends(phone, call, 180);
    const answer = t.phoneSends(phone, call, 200);
    const relayed = t.callerGets(call, 200, { toTag: `${phone}-tag` });
    const callerAck = t.callerAcks(call);
    const ack = t.ackReaches(phone, call);
    const { request: bye } = t.callerHangsUp(call);
    const { request: byeAtPhone, response } = t.byeReaches(phone, call);
    const view = only(t.finished());
    expect(view.caller.answer?.event).toBe(relayed);
    expect(view.caller.acks[0]?.event).toBe(callerAck);
    expect(view.caller.byesSent[0]?.request.event).toBe(bye);
    expect(view.branches).toHaveLength(1);
    expect(view.branches[0]).toMatchObject({ phone, tag: `${phone}-tag`, flow: t.flowOf(phone) });
    expect(view.branches[0]?.invite.event).toBe(invite);
    expect(view.branches[0]?.answer?.event).toBe(answer);
    expect(view.branches[0]?.acks.map(({ event }) => event)).toEqual([ack]);
    expect(view.branches[0]?.byesReceived[0]?.request.event).toBe(byeAtPhone);
    expect(view.branches[0]?.byesReceived[0]?.responses[0]?.event).toBe(response);
  });

  test("tells two branches at one phone apart by their Via branch and the phone's tags", () => {
    const t = woken();
    const old = t.inviteReaches(phone, call);
    t.phoneSends(phone, call, 180);
    const newer = t.inviteReaches(phone, call);
    const cancel = t.cancelReaches(phone, call, { nth: 1 });
    const [first, second] = only(t.finished()).branches;
    expect([first?.invite.event, second?.invite.event]).toEqual([old, newer]);
    expect(first?.cancels.map(({ event }) => event)).toEqual([cancel]);
    expect(first?.final?.sip.status).toBe(487);
    expect(second?.cancels).toEqual([]);
    expect(second?.final).toBeUndefined();
  });

  test("takes a CANCEL on a branch of its own for the newest INVITE", () => {
    const t = woken();
    t.inviteReaches(phone, call);
    t.phoneSends(phone, call, 180);
    const cancel = t.cancelReaches(phone, call, { edit: (text) => text.replace(/branch=\S+/u, "branch=z9hG4bKother") });
    expect(only(t.finished()).branches[0]?.cancels.map(({ event }) => event)).toEqual([cancel]);
  });

  test("merges retransmissions, and tells what was lost from what arrived", () => {
    const t = traceBuilder();
    const first = t.callerInvites(call, { fate: "lost" });
    const again = t.callerInvites(call, {
      edit: () => new TextDecoder().decode(first.bytes),
      retransmitOf: first.seq,
    });
    const view = only(t.finished());
    expect(view.caller.invite.event).toBe(first);
    expect(view.placed).toBe(again);
  });

  test("leaves out a call whose INVITE never arrived", () => {
    const t = traceBuilder();
    t.callerInvites(call, { fate: "lost" });
    expect(callsOf(t.finished())).toEqual([]);
  });

  test("follows the caller through a challenge", () => {
    const t = traceBuilder();
    t.callerInvites(call);
    t.callerGets(call, 407);
    const again = t.callerInvites(call, {
      edit: (text) => text.replace("CSeq: 1 INVITE", "CSeq: 2 INVITE"),
    });
    const view = only(t.finished());
    expect(view.caller.invite.event).toBe(again);
    expect(view.caller.finals).toEqual([]);
  });

  test("ties an INVITE without the caller's address to the only call its phone can have", () => {
    const t = woken();
    const { bytes } = t.inviteReaches(phone, call);
    const text = new TextDecoder().decode(bytes).replace(/Call-ID: .*/u, "Call-ID: own");
    const strange = t.sip("target", "phone", text, { flow: t.flowOf(phone), phone });
    expect(only(t.finished()).branches.map(({ invite }) => invite.event)).toContain(strange);
  });

  test("reads pushes with their answers, deliveries and payloads", () => {
    const t = traceBuilder();
    t.callerInvites(call);
    const refused = t.push(phone, call, { status: 503 });
    const reset = t.push(phone, undefined, { reset: true });
    const taken = t.push(phone, call, { copies: 2 });
    const { pushes } = only(t.finished());
    expect(pushes.map(({ request }) => request)).toEqual([refused.request, reset.request, taken.request]);
    expect(pushes.map(({ accepted, refused: no }) => [accepted, no])).toEqual([
      [false, true],
      [false, true],
      [true, false],
    ]);
    expect(pushes[2]?.delivered).toHaveLength(2);
    expect(pushes[0]?.payload).toMatchObject({ callId: "caller-leg-1" });
  });
});
