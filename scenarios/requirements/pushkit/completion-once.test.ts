import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { completionOnce } from "./completion-once.ts";

describe("pushkit/completion-once", () => {
  const returned = () => {
    const t = iosLadder();
    t.pushed(phone, call);
    t.reports(phone, call);
    return Object.assign(t, { returned: t.returns(phone) });
  };

  test("passes when the handler is called once, before the return or after it", () => {
    expect(kindOf(completionOnce, answeredOnIphone())).toBe("pass");
    const t = returned();
    t.completes(phone);
    expect(kindOf(completionOnce, t.finished())).toBe("pass");
  });

  test("fails when it is never called, or too late", () => {
    const t = returned();
    expect(failure(completionOnce.judge(t.finished()))).toEqual({
      mismatch: "never-completed",
      violation: t.returned.seq,
    });
    const late = t.completes(phone, { afterMs: 6000 });
    expect(failure(completionOnce.judge(t.finished()))).toEqual({
      mismatch: "never-completed",
      violation: late.seq,
    });
  });

  test("fails when it is called again", () => {
    const t = returned();
    t.completes(phone);
    const again = t.completes(phone);
    expect(failure(completionOnce.judge(t.finished()))).toEqual({
      mismatch: "completed-again",
      violation: again.seq,
    });
  });

  test("is inconclusive when cut short, and asks nothing of a process that is gone", () => {
    expect(kindOf(completionOnce, returned().capped())).toBe("inconclusive");
    const gone = returned();
    gone.terminates(phone);
    expect(kindOf(completionOnce, gone.finished())).toBe("not-exercised");
    expect(kindOf(completionOnce, quietIphone())).toBe("not-exercised");
  });
});
