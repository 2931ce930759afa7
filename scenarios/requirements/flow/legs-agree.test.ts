import { describe, expect, test } from "vitest";
import { legsAgree } from "./legs-agree.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/legs-agree", () => {
  const ringing = (setup: Parameters<typeof ladder>[0] = {}) => {
    const t = ladder(setup);
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    return t;
  };

  test("passes for answered with answered, and for a cancelled and a declined call", () => {
    expect(kindOf(legsAgree, answeredCall())).toBe("pass");
    const cancelled = ringing();
    cancelled.callerCancelsRinging();
    expect(kindOf(legsAgree, cancelled.finished())).toBe("pass");
    const declined = ringing();
    declined.phoneSends(phone, call, 603);
    declined.callerGets(call, 603);
    expect(kindOf(legsAgree, declined.finished())).toBe("pass");
  });

  test("fails when the caller is answered although the phone only rings", () => {
    const t = ringing();
    const answer = t.callerGets(call, 200);
    t.cancelReaches(phone, call);
    expect(failure(legsAgree.judge(t.finished()))).toEqual({ mismatch: "outcomes-differ", violation: answer.seq });
  });

  test("fails when the caller is answered before the phone is, even if the phone answers then", () => {
    const t = ringing();
    const answer = t.callerGets(call, 200);
    t.phoneSends(phone, call, 200);
    expect(failure(legsAgree.judge(t.finished()))).toEqual({ mismatch: "outcomes-differ", violation: answer.seq });
  });

  test("fails when the phone answered and the caller was rejected long after", () => {
    const t = ringing();
    t.phoneSends(phone, call, 200);
    const rejection = t.callerGets(call, 480, { afterMs: 500 });
    expect(failure(legsAgree.judge(t.finished()))).toEqual({ mismatch: "outcomes-differ", violation: rejection.seq });
  });

  test("lets an answer cross the caller's CANCEL and the target's rejection", () => {
    const cancelled = ringing();
    cancelled.callerCancels(call);
    cancelled.phoneSends(phone, call, 200);
    cancelled.callerGets(call, 487);
    expect(kindOf(legsAgree, cancelled.finished())).toBe("pass");
    const rejected = ringing();
    rejected.phoneSends(phone, call, 200);
    rejected.callerGets(call, 480);
    expect(kindOf(legsAgree, rejected.finished())).toBe("pass");
  });

  test.each([{ progress: "answers-first" as const }, { fallback: "divert" as const }])(
    "allows %o to answer for the phone",
    (features) => {
      const t = ringing({ features });
      t.callerGets(call, 200);
      t.cancelReaches(phone, call);
      expect(kindOf(legsAgree, t.finished())).toBe("pass");
    },
  );

  test("is not exercised by a target that did nothing, and inconclusive when cut short", () => {
    const lazy = ladder();
    lazy.callerInvites(call);
    lazy.callerGets(call, 200);
    expect(kindOf(legsAgree, lazy.finished())).toBe("not-exercised");
    expect(kindOf(legsAgree, cutShort(ringing()))).toBe("inconclusive");
  });
});
