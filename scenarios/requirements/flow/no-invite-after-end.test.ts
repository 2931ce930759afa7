import { describe, expect, test } from "vitest";
import { noInviteAfterEnd } from "./no-invite-after-end.ts";
import { call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/no-invite-after-end", () => {
  const cancelledWhileHeld = () => {
    const t = ladder();
    t.pushed();
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    t.wakes(phone, { afterMs: 100 });
    return t;
  };

  test("passes when the phone that comes back gets nothing, or an INVITE with its CANCEL", () => {
    expect(kindOf(noInviteAfterEnd, cancelledWhileHeld().finished())).toBe("pass");
    const t = cancelledWhileHeld();
    t.inviteReaches(phone, call);
    t.phoneSends(phone, call, 180);
    t.cancelReaches(phone, call);
    expect(kindOf(noInviteAfterEnd, t.finished())).toBe("pass");
  });

  test("fails when the phone is left ringing", () => {
    const t = cancelledWhileHeld();
    t.inviteReaches(phone, call);
    const ringing = t.phoneSends(phone, call, 180);
    expect(failure(noInviteAfterEnd.judge(t.finished()))).toEqual({
      mismatch: "invite-after-end",
      violation: ringing.seq,
    });
  });

  test("fails when the phone is made to answer a dead call, but not when INVITE and CANCEL crossed", () => {
    const t = cancelledWhileHeld();
    t.inviteReaches(phone, call, { afterMs: 200 });
    t.phoneSends(phone, call, 180);
    t.phoneSends(phone, call, 200);
    expect(failure(noInviteAfterEnd.judge(t.finished()))).toMatchObject({ mismatch: "invite-after-end" });
    const crossed = ladder();
    crossed.pushed();
    crossed.wakes(phone);
    crossed.callerCancels(call);
    crossed.inviteReaches(phone, call);
    crossed.phoneSends(phone, call, 180);
    crossed.phoneSends(phone, call, 200);
    crossed.callerGets(call, 200);
    expect(kindOf(noInviteAfterEnd, crossed.finished())).toBe("not-exercised");
  });

  test("is not exercised while nobody comes back", () => {
    const t = ladder();
    t.pushed();
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    expect(kindOf(noInviteAfterEnd, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    expect(kindOf(noInviteAfterEnd, cutShort(cancelledWhileHeld()))).toBe("inconclusive");
  });
});
