import { describe, expect, test } from "vitest";
import { clientTraceBuilder } from "../judge/testing/client-trace-builder.ts";
import { traceBuilder } from "../judge/testing/trace-builder.ts";
import type { CallRef, PhoneRef } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";
import { anchorTable, matchesAnchor } from "./anchor-table.ts";
import type { AnchorName } from "./plan.ts";
import { registerLedger } from "./register-purpose.ts";

/** How often each anchor occurs in a trace; those that never do are left out. */
function occurrences(trace: Trace, of?: PhoneRef | CallRef, sinceSeq = 0): Partial<Record<AnchorName, number>> {
  const ledger = registerLedger();
  const counts: Partial<Record<AnchorName, number>> = {};
  for (const event of trace.events) {
    ledger.observe(event);
    for (const on of Object.keys(anchorTable) as AnchorName[]) {
      const anchor = of === undefined ? { on } : { on, of };
      if (matchesAnchor(anchor, event, ledger.purposeOf, sinceSeq)) counts[on] = (counts[on] ?? 0) + 1;
    }
  }
  return counts;
}

function answeredCall() {
  const ladder = traceBuilder({ registered: false });
  ladder.opensFlow("phone:1");
  ladder.registers("phone:1");
  ladder.sleeps("phone:1");
  const placed = ladder.callerInvites("call:1");
  ladder.callerGets("call:1", 100);
  ladder.push("phone:1", "call:1");
  ladder.wakes("phone:1");
  ladder.inviteReaches("phone:1", "call:1");
  ladder.phoneSends("phone:1", "call:1", 180);
  ladder.callerGets("call:1", 180);
  ladder.event("user", "os", { kind: "user.answered" }, { phone: "phone:1", call: "call:1" });
  ladder.phoneSends("phone:1", "call:1", 200);
  ladder.callerGets("call:1", 200, { contact: "<sip:it@phone.invalid>" });
  ladder.callerAcks("call:1");
  ladder.ackReaches("phone:1", "call:1");
  ladder.callerHangsUp("call:1");
  ladder.byeReaches("phone:1", "call:1");
  return { trace: ladder.finished(), placed };
}

describe("anchors", () => {
  test("an answered call reaches each of its anchors once, in every lane", () => {
    const { trace, placed } = answeredCall();
    expect(occurrences(trace, undefined, placed.seq)).toEqual({
      "call.placed": 1,
      "call.trying": 2,
      "call.ringing": 1,
      "call.answered": 1,
      "call.hung-up": 1,
      "push.received": 1,
      "push.accepted": 1,
      "push.delivered": 1,
      "app.woken": 1,
      "phone.registering": 1,
      "phone.registered": 1,
      "invite.received": 1,
      "sent.180": 1,
      "sent.200": 1,
      "ack.received": 1,
      "bye.received": 1,
      "user.answered": 1,
    });
  });

  test("registrations before the first step count only where nobody says when that was", () => {
    const { trace } = answeredCall();
    expect(occurrences(trace)["phone.registered"]).toBe(2);
  });

  test("an anchor of a phone or call takes no event of another", () => {
    const { trace } = answeredCall();
    expect(occurrences(trace, "phone:2")).toEqual({});
    expect(occurrences(trace, "call:2")).toEqual({});
  });

  test("a cancelled call reaches call.cancelled, cancel.received and both rejections, and no end of a dialog", () => {
    const ladder = traceBuilder();
    const placed = ladder.callerInvites("call:1");
    ladder.wakes("phone:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 180);
    ladder.callerCancels("call:1");
    ladder.callerGetsForCancel("call:1");
    ladder.cancelReaches("phone:1", "call:1");
    ladder.callerGets("call:1", 487);
    expect(occurrences(ladder.finished(), "call:1", placed.seq)).toEqual({
      "call.placed": 1,
      "call.cancelled": 1,
      "call.rejected": 1,
      "invite.received": 1,
      "sent.180": 1,
      "cancel.received": 1,
      "sent.rejection": 1,
      "ack.received": 1,
    });
  });

  test("a REGISTER that only removes is phone.unregistered, never phone.registered", () => {
    const ladder = traceBuilder();
    const { request } = ladder.registers("phone:1", { expires: 0 });
    expect(occurrences(ladder.finished(), "phone:1", request.seq)).toEqual({ "phone.unregistered": 1 });
  });

  test("a challenge is not the end of a call", () => {
    const ladder = traceBuilder();
    const placed = ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 407);
    expect(occurrences(ladder.finished(), "call:1", placed.seq)).toEqual({ "call.placed": 1 });
  });

  test("what the plan lost on its way from the target never arrived, what it lost of ours was sent", () => {
    const ladder = traceBuilder();
    const placed = ladder.callerInvites("call:1", { fate: "lost" });
    ladder.callerGets("call:1", 180, { fate: "lost" });
    expect(occurrences(ladder.finished(), "call:1", placed.seq)).toEqual({ "call.placed": 1 });
  });

  test("an answer by script and a reset are rejections of a push", () => {
    const ladder = traceBuilder();
    const push = { service: "apns", push: "push-x" } as const;
    const lanes = { phone: "phone:1" } as const;
    ladder.event("push-service", "target", { kind: "push.reset", ...push }, lanes);
    ladder.event("push-service", "target", { kind: "push.response", ...push, status: 429, scripted: true }, lanes);
    const counts = occurrences(ladder.finished(), "phone:1");
    expect(counts["push.rejected"]).toBe(2);
    expect(counts["push.accepted"]).toBeUndefined();
  });

  test("in a trace of a client the app is the phone's end, and its REGISTERs are read by what they do", () => {
    const ladder = clientTraceBuilder();
    const since = ladder.delivers("phone:1", "call:1").seq;
    ladder.launches("phone:1", "push");
    ladder.registers("phone:1");
    ladder.inviteSent("phone:1", "call:1");
    ladder.appSends("phone:1", "call:1", 180);
    ladder.userAnswers("phone:1", "call:1");
    ladder.appSends("phone:1", "call:1", 200);
    ladder.ackSent("phone:1", "call:1");
    ladder.appHangsUp("phone:1", "call:1");
    ladder.terminates("phone:1");
    expect(occurrences(ladder.finished(), "phone:1", since)).toEqual({
      "push.delivered": 1,
      "app.woken": 1,
      "phone.registering": 1,
      "phone.registered": 1,
      "call.placed": 1,
      "invite.received": 1,
      "sent.180": 1,
      "call.trying": 1,
      "call.ringing": 1,
      "user.answered": 1,
      "sent.200": 1,
      "call.answered": 1,
      "ack.received": 1,
      "call.bye-received": 1,
      "app.terminated": 1,
    });
  });
});
