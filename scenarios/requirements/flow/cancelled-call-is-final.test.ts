import { describe, expect, test } from "vitest";
import { cancelledCallIsFinal } from "./cancelled-call-is-final.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/cancelled-call-is-final", () => {
  const cancelled = (setup: Parameters<typeof ladder>[0] = {}) => {
    const t = ladder(setup);
    t.pushed();
    const cancel = t.callerCancels(call);
    t.callerGetsForCancel(call);
    return { t, cancel };
  };

  test("passes for 487, with its margin", () => {
    const { t } = cancelled();
    t.callerGets(call, 487);
    expect(cancelledCallIsFinal.judge(t.finished())).toMatchObject({ kind: "pass", margins: [{ actualMs: 20 }] });
  });

  test("fails when no final response comes", () => {
    const { t, cancel } = cancelled();
    expect(failure(cancelledCallIsFinal.judge(t.finished()))).toEqual({
      mismatch: "no-final-response",
      violation: cancel.seq,
    });
  });

  test("fails for a 2xx no phone sent, and a rejection nobody sent", () => {
    for (const status of [200, 500]) {
      const { t } = cancelled();
      const final = t.callerGets(call, status, { afterMs: 500 });
      expect(failure(cancelledCallIsFinal.judge(t.finished()))).toEqual({
        mismatch: "wrong-final-response",
        violation: final.seq,
      });
    }
  });

  test.each([200, 486])("lets the phone's %i cross the CANCEL", (status) => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.phoneSends(phone, call, 180);
    t.callerCancels(call);
    t.phoneSends(phone, call, status);
    t.callerGets(call, status, { afterMs: 200 });
    expect(kindOf(cancelledCallIsFinal, t.finished())).toBe("pass");
  });

  test("lets a rejection that had already left cross the CANCEL", () => {
    const t = ladder();
    t.pushed();
    t.callerCancels(call);
    t.callerGets(call, 480, { afterMs: 20 });
    expect(kindOf(cancelledCallIsFinal, t.finished())).toBe("pass");
  });

  test("waits longer where an unanswered branch cannot be cancelled", () => {
    const t = ladder({ features: { delivery: "parallel" }, phones: [{ signalling: "silent" }] });
    t.pushed();
    t.inviteReaches(phone, call);
    t.callerCancels(call);
    t.callerGets(call, 487, { afterMs: 31_000 });
    expect(kindOf(cancelledCallIsFinal, t.finished())).toBe("pass");
  });

  test("is not exercised without a CANCEL, or by one after the final response", () => {
    expect(kindOf(cancelledCallIsFinal, answeredCall())).toBe("not-exercised");
    const t = ladder();
    t.pushed();
    t.callerGets(call, 480);
    t.callerCancels(call);
    expect(kindOf(cancelledCallIsFinal, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    expect(kindOf(cancelledCallIsFinal, cutShort(cancelled().t))).toBe("inconclusive");
  });
});
