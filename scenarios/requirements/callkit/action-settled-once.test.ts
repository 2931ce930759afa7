import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { actionSettledOnce } from "./action-settled-once.ts";

describe("callkit/action-settled-once", () => {
  const answered = () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    const { action } = t.answers(phone, call);
    return Object.assign(t, { action });
  };
  const late = (
    t: ReturnType<typeof answered>,
    said: "fulfill" | "fail",
    outcome: "call-ended" | "timed-out" | "reset",
  ) =>
    t.says(phone, `action.${said}`, { actionId: t.action }, [{ kind: "action.late", action: t.action, said, outcome }])
      .outcome[0];

  test("passes when nothing more is said of a settled action", () => {
    expect(kindOf(actionSettledOnce, answeredOnIphone())).toBe("pass");
  });

  test("fails when it is settled again", () => {
    const t = answered();
    t.fulfils(phone, call);
    const again = t.settlesAgain(t.action, phone, call);
    expect(failure(actionSettledOnce.judge(t.finished()))).toEqual({
      mismatch: "settled-again",
      violation: again.seq,
    });
  });

  test("fails when it is fulfilled after its call ended, and lets it be failed", () => {
    const t = answered();
    t.ends(phone, call, "remoteEnded");
    late(t, "fail", "call-ended");
    expect(kindOf(actionSettledOnce, t.finished())).toBe("pass");
    const again = late(t, "fulfill", "call-ended");
    expect(failure(actionSettledOnce.judge(t.finished()))).toEqual({
      mismatch: "settled-again",
      violation: again?.seq,
    });
  });

  test("fails when it is settled after the app was told of the time-out, but not in the same moment", () => {
    const told = answered();
    told.timesOut(phone, call);
    const again = late(told, "fulfill", "timed-out");
    expect(failure(actionSettledOnce.judge(told.finished())).violation).toBe(again?.seq);
    const crossing = answered();
    const settled = { kind: "action.settled", type: "answer", outcome: "timed-out" } as const;
    crossing.happens(phone, { ...settled, action: crossing.action, callUUID: crossing.uuidOf(phone, call) });
    late(crossing, "fulfill", "timed-out");
    expect(kindOf(actionSettledOnce, crossing.finished())).toBe("pass");
  });

  test("leaves what a reset settled alone", () => {
    const t = answered();
    t.resets(phone);
    late(t, "fulfill", "reset");
    expect(kindOf(actionSettledOnce, t.finished())).toBe("pass");
  });

  test("is not exercised by open actions", () => {
    expect(kindOf(actionSettledOnce, answered().finished())).toBe("not-exercised");
    expect(kindOf(actionSettledOnce, quietIphone())).toBe("not-exercised");
  });
});
