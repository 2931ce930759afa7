import { describe, expect, test } from "vitest";
import { cancelAnswered } from "./cancel-answered.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder } from "./testing/ladder.ts";

describe("flow/cancel-answered", () => {
  const pushed = () => {
    const t = ladder();
    t.pushed();
    return t;
  };

  test("passes for 200, with its margin", () => {
    const t = pushed();
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    expect(cancelAnswered.judge(t.finished())).toMatchObject({ kind: "pass", margins: [{ actualMs: 10 }] });
  });

  test("fails for no answer, a late one and a refusal", () => {
    const t = pushed();
    const cancel = t.callerCancels(call);
    expect(failure(cancelAnswered.judge(t.finished()))).toEqual({
      mismatch: "cancel-unanswered",
      violation: cancel.seq,
    });
    t.callerGetsForCancel(call, 200, { afterMs: 3000 });
    expect(failure(cancelAnswered.judge(t.finished()))).toMatchObject({ mismatch: "cancel-unanswered" });
    const refused = pushed();
    refused.callerCancels(call);
    const answer = refused.callerGetsForCancel(call, 481);
    expect(failure(cancelAnswered.judge(refused.finished()))).toEqual({
      mismatch: "cancel-refused",
      violation: answer.seq,
    });
  });

  test("allows 481 where the CANCEL crossed the final response", () => {
    const t = pushed();
    t.callerGets(call, 200);
    t.callerCancels(call);
    t.callerGetsForCancel(call, 481);
    expect(kindOf(cancelAnswered, t.finished())).toBe("not-exercised");
  });

  test("passes nobody who did nothing about the call", () => {
    const t = ladder();
    t.callerInvites(call);
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    expect(kindOf(cancelAnswered, t.finished())).toBe("not-exercised");
  });

  test("is not exercised without a CANCEL or by one that was lost, and inconclusive when cut short", () => {
    expect(kindOf(cancelAnswered, answeredCall())).toBe("not-exercised");
    const lost = pushed();
    lost.callerCancels(call, { fate: "lost" });
    expect(kindOf(cancelAnswered, lost.finished())).toBe("not-exercised");
    const t = pushed();
    t.callerCancels(call);
    expect(kindOf(cancelAnswered, cutShort(t))).toBe("inconclusive");
  });
});
