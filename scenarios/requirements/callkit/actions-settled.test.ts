import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { actionsSettled } from "./actions-settled.ts";

describe("callkit/actions-settled", () => {
  const declined = () => {
    const t = iosLadder();
    t.rings();
    t.declines(phone, call);
    return t;
  };

  test("passes when every action is fulfilled or failed, and measures how long it took", () => {
    expect(actionsSettled.judge(answeredOnIphone())).toMatchObject({
      kind: "pass",
      margins: [{ what: "the answer action", limitMs: 60_000 }],
    });
    const t = declined();
    t.fails(phone, call, "end");
    expect(kindOf(actionsSettled, t.finished())).toBe("pass");
  });

  test("fails when the time of one is over", () => {
    const t = declined();
    const settled = t.timesOut(phone, call, "end", { afterMs: 5000 });
    expect(actionsSettled.judge(t.finished())).toMatchObject({ kind: "fail", basis: "deadline" });
    expect(failure(actionsSettled.judge(t.finished()))).toEqual({ mismatch: "timed-out", violation: settled.seq });
  });

  test("is inconclusive while one is open", () => {
    expect(kindOf(actionsSettled, declined().finished())).toBe("inconclusive");
  });

  test("is not exercised by actions that end with their call, nor without any", () => {
    const t = declined();
    t.ends(phone, call, "remoteEnded");
    expect(kindOf(actionsSettled, t.finished())).toBe("not-exercised");
    expect(kindOf(actionsSettled, quietIphone())).toBe("not-exercised");
  });
});
