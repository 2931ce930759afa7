import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { duplicatePush } from "./duplicate-push.ts";

describe("pushkit/duplicate-push", () => {
  const again = () => {
    const t = iosLadder();
    t.rings();
    t.pushed(phone, call, { mustReport: false });
    return t;
  };

  test("passes when the call is reported again under its UUID, or not at all", () => {
    const t = again();
    t.reports(phone, call);
    t.returns(phone);
    expect(kindOf(duplicatePush, t.finished())).toBe("pass");
    const silent = again();
    silent.returns(phone);
    expect(kindOf(duplicatePush, silent.finished())).toBe("pass");
  });

  test("fails when another call rings", () => {
    const t = again();
    const { outcome } = t.reports(phone, call, { uuid: "12345678-0000-4000-8000-000000000001" });
    expect(failure(duplicatePush.judge(t.finished()))).toEqual({ mismatch: "second-call", violation: outcome.seq });
  });

  test("is inconclusive when cut short, and not exercised by a process that ended", () => {
    expect(kindOf(duplicatePush, again().capped())).toBe("inconclusive");
    const gone = again();
    gone.terminates(phone);
    expect(kindOf(duplicatePush, gone.finished())).toBe("not-exercised");
  });

  test("leaves a push for a call that is over to another requirement", () => {
    const t = iosLadder();
    t.rings();
    t.ends(phone, call, "unanswered");
    t.pushed(phone, call);
    t.reports(phone, call);
    expect(kindOf(duplicatePush, t.finished())).toBe("not-exercised");
    expect(kindOf(duplicatePush, answeredOnIphone())).toBe("not-exercised");
  });
});
