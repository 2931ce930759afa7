import { describe, expect, test } from "vitest";
import { declineReachesCaller } from "./decline-reaches-caller.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/decline-reaches-caller", () => {
  const declined = (status = 486, setup: Parameters<typeof ladder>[0] = {}) => {
    const t = ladder(setup);
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    return { t, decline: t.phoneSends(phone, call, status) };
  };

  test("passes when a rejection reaches the caller, with its margin", () => {
    const { t } = declined();
    t.callerGets(call, 486);
    expect(declineReachesCaller.judge(t.finished())).toMatchObject({
      kind: "pass",
      margins: [{ actualMs: 10, limitMs: 2000 }],
    });
  });

  test("fails when none does, late, or with an answer instead", () => {
    const { t, decline } = declined();
    expect(failure(declineReachesCaller.judge(t.finished()))).toEqual({
      mismatch: "no-final-response",
      violation: decline.seq,
    });
    t.callerGets(call, 486, { afterMs: 5000 });
    expect(failure(declineReachesCaller.judge(t.finished()))).toMatchObject({ mismatch: "no-final-response" });
    const answered = declined();
    const final = answered.t.callerGets(call, 200);
    expect(failure(declineReachesCaller.judge(answered.t.finished()))).toEqual({
      mismatch: "answered-instead",
      violation: final.seq,
    });
  });

  test("lets a proxy wait for a dead branch", () => {
    const t = ladder({ features: { delivery: "parallel" }, phones: [{ signalling: "silent" }] });
    t.pushed();
    t.inviteReaches(phone, call);
    t.wokenWithInvite();
    t.phoneSends(phone, call, 486);
    t.callerGets(call, 486, { afterMs: 31_000 });
    expect(kindOf(declineReachesCaller, t.finished())).toBe("pass");
  });

  test("asks for nothing when the caller hung up, several phones have a say, or the rejection was lost", () => {
    const hungUp = ladder();
    hungUp.pushed();
    hungUp.wokenWithInvite();
    hungUp.rings();
    hungUp.callerCancels(call);
    hungUp.phoneSends(phone, call, 486);
    expect(kindOf(declineReachesCaller, hungUp.finished())).toBe("not-exercised");
    expect(kindOf(declineReachesCaller, declined(486, { phones: [{}, {}] }).t.finished())).toBe("not-exercised");
    const lost = ladder();
    lost.pushed();
    lost.wokenWithInvite();
    lost.phoneSends(phone, call, 486, { fate: "lost" });
    expect(kindOf(declineReachesCaller, lost.finished())).toBe("not-exercised");
  });

  test("is inconclusive when cut short, and not exercised by an answer", () => {
    expect(kindOf(declineReachesCaller, cutShort(declined().t))).toBe("inconclusive");
    expect(kindOf(declineReachesCaller, answeredCall())).toBe("not-exercised");
  });

  test("does not apply to targets that divert", () => {
    expect(declineReachesCaller.applies(ladder({ features: { fallback: "divert" } }).facts)).toBeTypeOf("string");
  });
});
