import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { badUuidShown } from "./bad-uuid-shown.ts";

describe("pushkit/bad-uuid-shown", () => {
  const uuid = "12345678-0000-4000-8000-000000000001";
  const pushed = () => {
    const t = iosLadder();
    const { received } = t.pushed(phone, call, { payload: { ...t.payloadOf(call), callUUID: "123" } });
    return Object.assign(t, { received });
  };

  test("passes when it rings under another UUID", () => {
    const t = pushed();
    t.reports(phone, call, { uuid });
    t.returns(phone);
    expect(kindOf(badUuidShown, t.finished())).toBe("pass");
  });

  test("fails when it is ended as failed at once, or not reported at all", () => {
    const t = pushed();
    t.reports(phone, call, { uuid });
    const ended = t.ends(phone, call, "failed");
    expect(failure(badUuidShown.judge(t.finished()))).toEqual({ mismatch: "not-shown", violation: ended.seq });
    const silent = pushed();
    const returned = silent.returns(phone);
    expect(failure(badUuidShown.judge(silent.finished()))).toEqual({
      mismatch: "not-shown",
      violation: returned.seq,
    });
  });

  test("lets a call fail whose connection is refused", () => {
    const t = pushed();
    t.reports(phone, call, { uuid });
    t.registers(phone, { status: 403 });
    t.ends(phone, call, "failed");
    expect(kindOf(badUuidShown, t.finished())).toBe("pass");
  });

  test("is inconclusive when cut short, and not exercised by what is filtered or known, nor by a good UUID", () => {
    expect(kindOf(badUuidShown, pushed().capped())).toBe("inconclusive");
    const late = pushed();
    late.returns(phone, { enforced: false });
    late.reports(phone, call, { uuid });
    expect(kindOf(badUuidShown, late.finished())).toBe("not-exercised");
    const filtered = pushed();
    filtered.reports(phone, call, { uuid, refused: "filteredByBlockList" });
    expect(kindOf(badUuidShown, filtered.finished())).toBe("not-exercised");
    expect(kindOf(badUuidShown, answeredOnIphone())).toBe("not-exercised");
  });
});
