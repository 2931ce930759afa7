import { describe, expect, test } from "vitest";
import { nothingRingsAfterEnd } from "./nothing-rings-after-end.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/nothing-rings-after-end", () => {
  const declined = () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.phoneSends(phone, call, 486);
    t.callerGets(call, 486);
    return t;
  };

  test("passes when a declined or hung-up call stays over", () => {
    expect(kindOf(nothingRingsAfterEnd, declined().finished())).toBe("pass");
    expect(kindOf(nothingRingsAfterEnd, answeredCall())).toBe("pass");
  });

  test("fails when the phone is rung again", () => {
    const t = declined();
    const again = t.inviteReaches(phone, call, { afterMs: 200 });
    expect(failure(nothingRingsAfterEnd.judge(t.finished()))).toEqual({
      mismatch: "rings-after-end",
      violation: again.seq,
    });
  });

  test("fails when a phone that wakes too late is rung for a call that was given up", () => {
    const t = ladder();
    t.pushed();
    t.callerGets(call, 480);
    t.wakes(phone, { afterMs: 100 });
    expect(failure(nothingRingsAfterEnd.judge((t.inviteReaches(phone, call), t.finished())))).toMatchObject({
      mismatch: "rings-after-end",
    });
  });

  test("leaves what follows a CANCEL to another requirement", () => {
    const t = ladder();
    t.pushed();
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    t.wakes(phone, { afterMs: 100 });
    t.inviteReaches(phone, call);
    expect(kindOf(nothingRingsAfterEnd, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive for an INVITE that crossed the end, and when cut short", () => {
    const t = declined();
    t.inviteReaches(phone, call);
    expect(kindOf(nothingRingsAfterEnd, t.finished())).toBe("inconclusive");
    expect(kindOf(nothingRingsAfterEnd, cutShort(declined()))).toBe("inconclusive");
  });

  test("is not exercised while the call goes on", () => {
    const t = ladder();
    t.pushed();
    expect(kindOf(nothingRingsAfterEnd, t.finished())).toBe("not-exercised");
  });
});
