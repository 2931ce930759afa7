import { describe, expect, test } from "vitest";
import { deadBranchKeepsCall } from "./dead-branch-keeps-call.ts";
import { answeredCall, call, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/dead-branch-keeps-call", () => {
  test("passes when the call is still there when the phone comes back", () => {
    expect(kindOf(deadBranchKeepsCall, answeredCall())).toBe("pass");
  });

  test("fails when a rejection came first", () => {
    const t = ladder({ features: { delivery: "parallel" } });
    t.pushed();
    const rejection = t.callerGets(call, 408, { afterMs: 500 });
    t.wakes(phone);
    expect(failure(deadBranchKeepsCall.judge(t.finished()))).toEqual({
      mismatch: "dead-branch-ended-call",
      violation: rejection.seq,
    });
  });

  test("fails also when the rejection was quicker than the push service", () => {
    const t = ladder({ features: { delivery: "parallel" } });
    t.callerInvites(call);
    const rejection = t.callerGets(call, 503);
    t.push(phone, call);
    t.wakes(phone);
    expect(failure(deadBranchKeepsCall.judge(t.finished()))).toEqual({
      mismatch: "dead-branch-ended-call",
      violation: rejection.seq,
    });
  });

  test("does not hold the caller's hang-up, another phone's rejection or a late wake-up against the target", () => {
    const hungUp = ladder();
    hungUp.pushed();
    hungUp.callerCancels(call);
    hungUp.callerGets(call, 487);
    hungUp.wakes(phone);
    expect(kindOf(deadBranchKeepsCall, hungUp.finished())).toBe("not-exercised");
    const declined = ladder({ phones: [{}, { signalling: "connected" }] });
    declined.pushed();
    declined.inviteReaches("phone:2", call);
    declined.phoneSends("phone:2", call, 603);
    declined.callerGets(call, 603);
    declined.wakes(phone);
    expect(kindOf(deadBranchKeepsCall, declined.finished())).toBe("not-exercised");
    const late = ladder();
    late.pushed();
    late.callerGets(call, 480, { afterMs: 13_500 });
    late.wakes(phone);
    expect(kindOf(deadBranchKeepsCall, late.finished())).toBe("not-exercised");
  });

  test("is not exercised by a phone that never wakes", () => {
    const t = ladder();
    t.pushed();
    t.callerGets(call, 480);
    expect(kindOf(deadBranchKeepsCall, t.finished())).toBe("not-exercised");
  });
});
