import { describe, expect, test } from "vitest";
import { phoneByeReachesCaller } from "./phone-bye-reaches-caller.ts";
import { call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/phone-bye-reaches-caller", () => {
  const answered = (setup: Parameters<typeof ladder>[0] = {}) => {
    const t = ladder(setup);
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.answers();
    return t;
  };

  test("passes when the caller gets the BYE, with its margin", () => {
    const t = answered();
    t.phoneHangsUp(phone, call);
    t.callerGetsBye(call);
    expect(phoneByeReachesCaller.judge(t.finished())).toMatchObject({ kind: "pass", margins: [{ actualMs: 20 }] });
  });

  test("fails when it does not", () => {
    const t = answered();
    const { request } = t.phoneHangsUp(phone, call);
    expect(failure(phoneByeReachesCaller.judge(t.finished()))).toEqual({ mismatch: "no-bye", violation: request.seq });
  });

  test("lets both sides hang up at once", () => {
    const t = answered();
    t.callerHangsUp(call);
    t.phoneHangsUp(phone, call);
    expect(kindOf(phoneByeReachesCaller, t.finished())).toBe("not-exercised");
  });

  test("is not exercised by a BYE that was lost, and inconclusive when cut short", () => {
    const lost = answered();
    lost.phoneHangsUp(phone, call, { fate: "lost" });
    expect(kindOf(phoneByeReachesCaller, lost.finished())).toBe("not-exercised");
    const t = answered();
    t.phoneHangsUp(phone, call);
    expect(kindOf(phoneByeReachesCaller, cutShort(t))).toBe("inconclusive");
  });
});
