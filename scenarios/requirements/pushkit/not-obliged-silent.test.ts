import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { notObligedSilent } from "./not-obliged-silent.ts";

describe("pushkit/not-obliged-silent", () => {
  const pushed = () => {
    const t = iosLadder();
    t.pushed(phone, call, { mustReport: false, told: false });
    return t;
  };
  const returned = () => {
    const t = pushed();
    t.returns(phone);
    t.registers(phone);
    return t;
  };

  test("passes when it rings with the INVITE, and when there is none", () => {
    const t = returned();
    t.inviteSent(phone, call);
    t.reports(phone, call);
    expect(kindOf(notObligedSilent, t.finished())).toBe("pass");
    expect(kindOf(notObligedSilent, returned().finished())).toBe("pass");
  });

  test("fails when it rings for the push", () => {
    const t = pushed();
    const { outcome } = t.reports(phone, call);
    t.returns(phone);
    expect(failure(notObligedSilent.judge(t.finished()))).toEqual({
      mismatch: "rang-for-push",
      violation: outcome.seq,
    });
  });

  test("fails when it does not ring with the INVITE either", () => {
    const t = returned();
    const invite = t.inviteSent(phone, call);
    expect(failure(notObligedSilent.judge(t.finished()))).toEqual({ mismatch: "never-rang", violation: invite.seq });
  });

  test("asks for no ring once the caller has hung up, or the call rang before", () => {
    const t = returned();
    t.inviteSent(phone, call);
    t.cancelSent(phone, call);
    expect(kindOf(notObligedSilent, t.finished())).toBe("not-exercised");
    const known = iosLadder({ phones: [{ app: "foreground" }] });
    known.inviteSent(phone, call);
    known.reports(phone, call);
    known.pushed(phone, call, { mustReport: false, told: false });
    known.returns(phone);
    expect(kindOf(notObligedSilent, known.finished())).toBe("not-exercised");
  });

  test("is inconclusive when cut short, and not exercised where the app was not told", () => {
    expect(kindOf(notObligedSilent, returned().capped())).toBe("inconclusive");
    expect(kindOf(notObligedSilent, answeredOnIphone())).toBe("not-exercised");
  });
});
