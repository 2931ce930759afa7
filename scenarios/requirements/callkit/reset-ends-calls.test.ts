import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { resetEndsCalls } from "./reset-ends-calls.ts";

describe("callkit/reset-ends-calls", () => {
  const reset = (talking: boolean) => {
    const t = iosLadder();
    if (talking) t.talks();
    else {
      t.rings();
      t.connects();
    }
    return Object.assign(t, { reset: t.resets(phone) });
  };

  test("passes when the app hangs up or rejects", () => {
    const talking = reset(true);
    talking.appHangsUp(phone, call);
    expect(kindOf(resetEndsCalls, talking.finished())).toBe("pass");
    const ringing = reset(false);
    ringing.appSends(phone, call, 480);
    expect(kindOf(resetEndsCalls, ringing.finished())).toBe("pass");
  });

  test("fails when the leg is left up", () => {
    for (const talking of [true, false]) {
      const t = reset(talking);
      expect(failure(resetEndsCalls.judge(t.finished()))).toEqual({ mismatch: "leg-left-up", violation: t.reset.seq });
    }
  });

  test("asks nothing where the caller hangs up first, and is inconclusive when cut short", () => {
    const t = reset(true);
    t.byeSent(phone, call);
    expect(kindOf(resetEndsCalls, t.finished())).toBe("not-exercised");
    expect(kindOf(resetEndsCalls, reset(true).capped())).toBe("inconclusive");
  });

  test("is not exercised by calls that were over, nor without a reset", () => {
    const t = iosLadder();
    t.talks();
    t.isHungUp();
    t.resets(phone);
    expect(kindOf(resetEndsCalls, t.finished())).toBe("not-exercised");
    expect(kindOf(resetEndsCalls, answeredOnIphone())).toBe("not-exercised");
  });
});
