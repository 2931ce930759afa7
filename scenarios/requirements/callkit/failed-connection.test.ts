import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { failedConnection } from "./failed-connection.ts";

describe("callkit/failed-connection", () => {
  const answered = (register: "refused" | "silent" | "accepted" | "none" = "refused") => {
    const t = iosLadder();
    const { delivered } = t.rings();
    t.answers(phone, call);
    if (register === "refused") t.registers(phone, { status: 403 });
    if (register === "silent") t.registering(phone);
    if (register === "accepted") t.registers(phone);
    return Object.assign(t, { delivered });
  };

  test("passes when it is reported ended failed", () => {
    for (const register of ["refused", "silent", "accepted", "none"] as const) {
      const t = answered(register);
      t.ends(phone, call, "failed", { afterMs: 20_000 });
      expect(kindOf(failedConnection, t.finished())).toBe("pass");
    }
  });

  test("passes for unanswered where only the INVITE was missing, and fails for it where the connection was", () => {
    const t = answered("accepted");
    t.ends(phone, call, "unanswered", { afterMs: 20_000 });
    expect(kindOf(failedConnection, t.finished())).toBe("pass");
    const refused = answered("refused");
    const ended = refused.ends(phone, call, "unanswered", { afterMs: 20_000 });
    expect(failure(failedConnection.judge(refused.finished()))).toEqual({
      mismatch: "wrong-reason",
      violation: ended.seq,
    });
  });

  test("passes when the answer action is failed, for which the system reports the call as failed", () => {
    const t = answered();
    t.fails(phone, call);
    expect(kindOf(failedConnection, t.finished())).toBe("pass");
  });

  test("fails when it is ended as if nothing were wrong", () => {
    const t = answered();
    t.fulfils(phone, call);
    t.performs(phone, call, "end");
    t.fulfils(phone, call, "end");
    expect(failure(failedConnection.judge(t.finished())).mismatch).toBe("wrong-reason");
  });

  test("fails when it is still shown after the time for the INVITE, or ended later", () => {
    const t = answered();
    t.wait(36_000);
    t.registering(phone);
    expect(failure(failedConnection.judge(t.finished()))).toEqual({
      mismatch: "still-shown",
      violation: t.delivered.seq,
    });
    const ended = t.ends(phone, call, "failed");
    expect(failure(failedConnection.judge(t.finished()))).toEqual({ mismatch: "still-shown", violation: ended.seq });
  });

  test("is inconclusive when cut short, and not exercised once the user hangs up, without an answer, or with the INVITE", () => {
    expect(kindOf(failedConnection, answered().capped())).toBe("inconclusive");
    const hungUp = answered();
    hungUp.hangsUp(phone, call);
    hungUp.fulfils(phone, call, "end");
    expect(kindOf(failedConnection, hungUp.finished())).toBe("not-exercised");
    const unanswered = iosLadder();
    unanswered.rings();
    unanswered.ends(phone, call, "unanswered");
    expect(kindOf(failedConnection, unanswered.finished())).toBe("not-exercised");
    expect(kindOf(failedConnection, answeredOnIphone())).toBe("not-exercised");
  });
});
