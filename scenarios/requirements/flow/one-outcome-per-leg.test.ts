import { describe, expect, test } from "vitest";
import { oneOutcomePerLeg } from "./one-outcome-per-leg.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/one-outcome-per-leg", () => {
  const declined = () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.phoneSends(phone, call, 486);
    t.callerGets(call, 486);
    return t;
  };

  test("passes for one final response, however often it is sent", () => {
    const t = declined();
    t.callerGets(call, 486, { afterMs: 500 });
    expect(kindOf(oneOutcomePerLeg, t.finished())).toBe("pass");
    expect(kindOf(oneOutcomePerLeg, answeredCall())).toBe("pass");
  });

  test("fails when a rejection follows another or an answer", () => {
    const t = declined();
    const second = t.callerGets(call, 480);
    expect(failure(oneOutcomePerLeg.judge(t.finished()))).toEqual({
      mismatch: "second-final-response",
      violation: second.seq,
    });
    const answered = ladder();
    answered.pushed();
    answered.wokenWithInvite();
    answered.answers();
    const late = answered.callerGets(call, 480);
    expect(failure(oneOutcomePerLeg.judge(answered.finished()))).toEqual({
      mismatch: "second-final-response",
      violation: late.seq,
    });
  });

  test("fails when an answer no phone gave follows a rejection", () => {
    const t = declined();
    expect(failure(oneOutcomePerLeg.judge((t.callerGets(call, 200), t.finished())))).toMatchObject({
      mismatch: "second-final-response",
    });
  });

  test("allows the 2xx of a phone that crossed the rejection", () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.callerCancels(call);
    t.callerGets(call, 487);
    t.phoneSends(phone, call, 200);
    t.callerGets(call, 200);
    expect(kindOf(oneOutcomePerLeg, t.finished())).toBe("pass");
  });

  test("is not exercised by a target that did nothing, and inconclusive when cut short", () => {
    const lazy = ladder();
    lazy.callerInvites(call);
    lazy.callerGets(call, 486);
    expect(kindOf(oneOutcomePerLeg, lazy.finished())).toBe("not-exercised");
    expect(kindOf(oneOutcomePerLeg, cutShort(declined()))).toBe("inconclusive");
  });
});
