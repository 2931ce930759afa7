import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { callerUpdated } from "./caller-updated.ts";

describe("callkit/caller-updated", () => {
  const invited = () => {
    const t = iosLadder();
    const { handle: _, callerName: __, ...payload } = t.payloadOf(call);
    t.pushed(phone, call, { payload });
    t.reports(phone, call, { update: { handle: null, name: null } });
    t.returns(phone);
    t.registers(phone);
    return Object.assign(t, { invite: t.inviteSent(phone, call) });
  };

  test("passes when the handle or the name of the INVITE is told", () => {
    for (const update of [{ handle: "tel:+49301001" }, { name: "Caller 1" }]) {
      const t = invited();
      t.updates(phone, call, update);
      expect(kindOf(callerUpdated, t.finished())).toBe("pass");
    }
  });

  test("fails without an update, or with one that names somebody else", () => {
    const t = invited();
    expect(failure(callerUpdated.judge(t.finished()))).toEqual({ mismatch: "not-updated", violation: t.invite.seq });
    t.updates(phone, call, { handle: "+49301002", name: "Unknown" });
    expect(failure(callerUpdated.judge(t.finished())).mismatch).toBe("not-updated");
  });

  test("asks nothing once the caller has hung up, and is inconclusive when cut short", () => {
    const t = invited();
    t.cancelSent(phone, call);
    expect(kindOf(callerUpdated, t.finished())).toBe("not-exercised");
    expect(kindOf(callerUpdated, invited().capped())).toBe("inconclusive");
  });

  test("is not exercised by a push that names the caller", () => {
    expect(kindOf(callerUpdated, answeredOnIphone())).toBe("not-exercised");
  });
});
