import { describe, expect, test } from "vitest";
import { callerByeReachesPhone } from "./caller-bye-reaches-phone.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/caller-bye-reaches-phone", () => {
  const answered = (setup: Parameters<typeof ladder>[0] = {}) => {
    const t = ladder(setup);
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.answers();
    return t;
  };

  test("passes when the phone gets the BYE, with its margin", () => {
    expect(callerByeReachesPhone.judge(answeredCall())).toMatchObject({ kind: "pass", margins: [{ actualMs: 20 }] });
  });

  test("fails when it does not", () => {
    const t = answered();
    const { request } = t.callerHangsUp(call);
    expect(failure(callerByeReachesPhone.judge(t.finished()))).toEqual({ mismatch: "no-bye", violation: request.seq });
  });

  test("lets both sides hang up at once, and the phone go away", () => {
    const both = answered();
    both.callerHangsUp(call);
    both.phoneHangsUp(phone, call);
    expect(kindOf(callerByeReachesPhone, both.finished())).toBe("not-exercised");
    const away = answered();
    away.callerHangsUp(call);
    away.sleeps(phone);
    expect(kindOf(callerByeReachesPhone, away.finished())).toBe("not-exercised");
  });

  test("is not exercised while the call goes on, and inconclusive when cut short", () => {
    expect(kindOf(callerByeReachesPhone, answered().finished())).toBe("not-exercised");
    const t = answered();
    t.callerHangsUp(call);
    expect(kindOf(callerByeReachesPhone, cutShort(t))).toBe("inconclusive");
  });
});
