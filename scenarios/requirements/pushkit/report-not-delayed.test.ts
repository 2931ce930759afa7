import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { reportNotDelayed } from "./report-not-delayed.ts";

describe("pushkit/report-not-delayed", () => {
  const registering = () => {
    const t = iosLadder();
    t.pushed(phone, call);
    return Object.assign(t, { register: t.registering(phone) });
  };

  test("passes when the report comes while the REGISTER is held back", () => {
    const t = registering();
    t.reports(phone, call);
    t.returns(phone);
    t.registered(t.register, 200, { afterMs: 1500 });
    expect(kindOf(reportNotDelayed, t.finished())).toBe("pass");
  });

  test("passes when the REGISTER is never answered", () => {
    const t = registering();
    t.reports(phone, call);
    expect(kindOf(reportNotDelayed, t.finished())).toBe("pass");
  });

  test("fails when the report waits for the answer", () => {
    const t = registering();
    t.registered(t.register, 200, { afterMs: 1500 });
    const { request } = t.reports(phone, call, { afterMs: 2 });
    expect(failure(reportNotDelayed.judge(t.finished()))).toEqual({
      mismatch: "report-waits-for-register",
      violation: request.seq,
    });
  });

  test("is inconclusive when they crossed, and tells nothing where the answer came at once", () => {
    const t = registering();
    t.registered(t.register, 200, { afterMs: 600 });
    t.reports(phone, call, { afterMs: 2, lagMs: 300 });
    expect(kindOf(reportNotDelayed, t.finished())).toBe("inconclusive");
    const quick = registering();
    quick.registered(quick.register);
    quick.reports(phone, call);
    expect(kindOf(reportNotDelayed, quick.finished())).toBe("not-exercised");
    expect(kindOf(reportNotDelayed, answeredOnIphone())).toBe("not-exercised");
  });
});
