import { describe, expect, test } from "vitest";
import { callsNeverCross } from "./calls-never-cross.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/calls-never-cross", () => {
  const two = { phones: [{ account: 1 }, { account: 2 }], calls: [{ callee: 1 }, { callee: 2 }] };

  const both = () => {
    const t = ladder(two);
    t.callerInvites("call:1");
    t.callerInvites("call:2");
    t.push("phone:1", "call:1");
    t.push("phone:2", "call:2");
    t.wakes("phone:1");
    t.wakes("phone:2");
    return t;
  };

  test("passes when each call reaches its own phone", () => {
    const t = both();
    t.inviteReaches("phone:1", "call:1");
    t.inviteReaches("phone:2", "call:2");
    expect(kindOf(callsNeverCross, t.finished())).toBe("pass");
  });

  test("fails when an INVITE reaches the other account's phone", () => {
    const t = both();
    const crossed = t.inviteReaches("phone:1", "call:2");
    expect(failure(callsNeverCross.judge(t.finished()))).toEqual({ mismatch: "crossed-call", violation: crossed.seq });
  });

  test("fails when a call comes with the Call-ID of the other", () => {
    const t = ladder({ calls: [{}, {}] });
    t.pushed("phone:1", "call:1");
    t.callerInvites("call:2");
    t.wakes("phone:1");
    const crossed = t.inviteReaches("phone:1", "call:1", { callId: "caller-leg-2" });
    expect(failure(callsNeverCross.judge(t.finished()))).toEqual({ mismatch: "crossed-call", violation: crossed.seq });
  });

  test("fails when a push names the other call, or half of it", () => {
    const whole = ladder(two);
    whole.callerInvites("call:1");
    whole.callerInvites("call:2");
    const wrong = whole.push("phone:1", "call:2");
    expect(failure(callsNeverCross.judge(whole.finished()))).toEqual({
      mismatch: "crossed-call",
      violation: wrong.request.seq,
    });
    const mixed = ladder({ calls: [{}, {}] });
    mixed.callerInvites("call:1");
    mixed.callerInvites("call:2");
    const half = mixed.push("phone:1", "call:1", { payload: { callId: "caller-leg-2" } });
    expect(failure(callsNeverCross.judge(mixed.finished()))).toEqual({
      mismatch: "crossed-call",
      violation: half.request.seq,
    });
  });

  test("fails when two cases claim what reached a phone", () => {
    const t = ladder();
    t.pushed();
    t.wakes(phone);
    const claimed = t.inviteReaches(phone, call, { claimedBy: ["test-1", "test-2"] });
    expect(failure(callsNeverCross.judge(t.finished()))).toEqual({ mismatch: "crossed-call", violation: claimed.seq });
  });

  test("is not exercised by one call or two in turn, and inconclusive when cut short", () => {
    expect(kindOf(callsNeverCross, answeredCall())).toBe("not-exercised");
    const turn = ladder({ calls: [{}, {}] });
    turn.pushed();
    turn.callerGets(call, 480);
    turn.callerInvites("call:2");
    turn.push(phone, "call:2");
    expect(kindOf(callsNeverCross, turn.finished())).toBe("not-exercised");
    expect(kindOf(callsNeverCross, cutShort(both()))).toBe("inconclusive");
  });

  test("applies to targets with several calls at once", () => {
    expect(callsNeverCross.applies(ladder({ features: { concurrentCalls: false } }).facts)).toBeTypeOf("string");
  });
});
