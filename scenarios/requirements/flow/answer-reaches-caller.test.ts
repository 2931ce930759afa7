import { describe, expect, test } from "vitest";
import { answerReachesCaller } from "./answer-reaches-caller.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/answer-reaches-caller", () => {
  const ringing = () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    return t;
  };

  test("passes when the 2xx reaches the caller, with its margin", () => {
    expect(answerReachesCaller.judge(answeredCall())).toMatchObject({ kind: "pass", margins: [{ actualMs: 10 }] });
  });

  test("fails when it does not, or a rejection does instead", () => {
    const t = ringing();
    const answer = t.phoneSends(phone, call, 200);
    expect(failure(answerReachesCaller.judge(t.finished()))).toEqual({
      mismatch: "answer-lost",
      violation: answer.seq,
    });
    t.callerGets(call, 480, { afterMs: 100 });
    expect(failure(answerReachesCaller.judge(t.finished()))).toEqual({
      mismatch: "answer-lost",
      violation: answer.seq,
    });
  });

  test("lets the answer cross the caller's CANCEL and the target's own rejection", () => {
    const cancelled = ringing();
    cancelled.callerCancels(call);
    cancelled.phoneSends(phone, call, 200);
    cancelled.callerGets(call, 487);
    expect(kindOf(answerReachesCaller, cancelled.finished())).toBe("not-exercised");
    const rejected = ringing();
    rejected.callerGets(call, 480);
    rejected.phoneSends(phone, call, 200);
    expect(kindOf(answerReachesCaller, rejected.finished())).toBe("not-exercised");
  });

  test("is not exercised by an answer that was lost, and inconclusive when cut short", () => {
    const lost = ringing();
    lost.phoneSends(phone, call, 200, { fate: "lost" });
    expect(kindOf(answerReachesCaller, lost.finished())).toBe("not-exercised");
    const t = ringing();
    t.phoneSends(phone, call, 200);
    expect(kindOf(answerReachesCaller, cutShort(t))).toBe("inconclusive");
  });
});
