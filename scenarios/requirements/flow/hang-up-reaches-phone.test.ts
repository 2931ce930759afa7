import { describe, expect, test } from "vitest";
import { hangUpReachesPhone } from "./hang-up-reaches-phone.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/hang-up-reaches-phone", () => {
  const ringing = () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    return t;
  };

  test("passes when the CANCEL reaches the ringing phone, with its margin", () => {
    const t = ringing();
    t.callerCancelsRinging();
    expect(hangUpReachesPhone.judge(t.finished())).toMatchObject({
      kind: "pass",
      margins: [{ actualMs: 20, limitMs: 2000 }],
    });
  });

  test("fails when it never does, or late", () => {
    const t = ringing();
    const cancel = t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    expect(failure(hangUpReachesPhone.judge(t.finished()))).toEqual({
      mismatch: "no-cancel-at-phone",
      violation: cancel.seq,
    });
    const late = t.cancelReaches(phone, call, { afterMs: 2500 });
    expect(failure(hangUpReachesPhone.judge(t.finished()))).toEqual({ mismatch: "cancel-late", violation: late.seq });
  });

  test("counts from the phone's first 1xx where that came after the CANCEL", () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.callerCancels(call);
    const provisional = t.phoneSends(phone, call, 180, { afterMs: 1900 });
    const cancel = t.cancelReaches(phone, call, { afterMs: 500 });
    expect(hangUpReachesPhone.judge(t.finished())).toMatchObject({
      kind: "pass",
      evidence: [provisional.seq, cancel.seq],
    });
  });

  test.each([200, 486])("lets the phone's %i cross the CANCEL", (status) => {
    const t = ringing();
    t.callerCancels(call);
    t.phoneSends(phone, call, status);
    expect(kindOf(hangUpReachesPhone, t.finished())).toBe("not-exercised");
  });

  test("asks for nothing at a phone that went away or never answered", () => {
    const away = ringing();
    away.callerCancels(call);
    away.sleeps(phone);
    expect(kindOf(hangUpReachesPhone, away.finished())).toBe("not-exercised");
    const dead = ladder({ phones: [{ signalling: "silent" }] });
    dead.pushed();
    dead.inviteReaches(phone, call);
    dead.callerCancels(call);
    expect(kindOf(hangUpReachesPhone, dead.finished())).toBe("not-exercised");
  });

  test("counts a CANCEL the plan lost as sent", () => {
    const t = ringing();
    t.callerCancels(call);
    t.cancelReaches(phone, call, { fate: "lost", answered: false });
    expect(kindOf(hangUpReachesPhone, t.finished())).toBe("pass");
  });

  test("is not exercised without a hang-up, and inconclusive when cut short", () => {
    expect(kindOf(hangUpReachesPhone, answeredCall())).toBe("not-exercised");
    const t = ringing();
    t.callerCancels(call);
    expect(kindOf(hangUpReachesPhone, cutShort(t))).toBe("inconclusive");
  });
});
