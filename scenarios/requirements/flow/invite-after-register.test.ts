import { describe, expect, test } from "vitest";
import { inviteAfterRegister } from "./invite-after-register.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/invite-after-register", () => {
  test("passes when the INVITE follows the wake-up, with its margin", () => {
    const verdict = inviteAfterRegister.judge(answeredCall());
    expect(verdict).toMatchObject({ kind: "pass", margins: [{ limitMs: 2000, actualMs: 10 }] });
  });

  test("fails when it never comes", () => {
    const t = ladder();
    t.pushed();
    const { response } = t.wakes(phone);
    expect(failure(inviteAfterRegister.judge(t.finished()))).toEqual({
      mismatch: "no-invite",
      violation: response.seq,
    });
  });

  test("does not excuse a target that gives up before the shortest hold time", () => {
    const t = ladder();
    t.pushed();
    t.wakes(phone);
    t.callerGets(call, 480, { afterMs: 500 });
    expect(failure(inviteAfterRegister.judge(t.finished()))).toMatchObject({ mismatch: "no-invite" });
  });

  test("fails when it comes late", () => {
    const t = ladder();
    t.pushed();
    t.wakes(phone);
    const late = t.inviteReaches(phone, call, { afterMs: 2500 });
    expect(failure(inviteAfterRegister.judge(t.finished()))).toEqual({ mismatch: "invite-late", violation: late.seq });
  });

  test("asks for nothing when the call ended, the hold time was over, or the phone went away again", () => {
    const hungUp = ladder();
    hungUp.pushed();
    hungUp.callerCancels(call);
    hungUp.wakes(phone);
    expect(kindOf(inviteAfterRegister, hungUp.finished())).toBe("not-exercised");
    const held = ladder();
    held.pushed();
    held.wait(14_000);
    held.wakes(phone);
    held.callerGets(call, 480);
    expect(kindOf(inviteAfterRegister, held.finished())).toBe("not-exercised");
    const away = ladder();
    away.pushed();
    away.wakes(phone);
    away.sleeps(phone);
    expect(kindOf(inviteAfterRegister, away.finished())).toBe("not-exercised");
  });

  test("is inconclusive at the limit and when cut short", () => {
    const close = ladder();
    close.pushed();
    close.wakes(phone);
    close.inviteReaches(phone, call, { afterMs: 2010, lagMs: 30 });
    expect(kindOf(inviteAfterRegister, close.finished())).toBe("inconclusive");
    const t = ladder();
    t.pushed();
    t.wakes(phone);
    expect(kindOf(inviteAfterRegister, cutShort(t))).toBe("inconclusive");
  });

  test("is not exercised by a phone that never wakes", () => {
    const t = ladder();
    t.pushed();
    expect(kindOf(inviteAfterRegister, t.finished())).toBe("not-exercised");
  });
});
