import { describe, expect, test } from "vitest";
import { activeOnceConnected } from "./active-once-connected.ts";
import { call, phone, ringing, wholeCall } from "./testing/android-ladder.ts";

describe("telecom/active-once-connected", () => {
  test("passes for a call that is answered, accepted and then active", () => {
    expect(activeOnceConnected.judge(wholeCall().finished()).kind).toBe("pass");
  });

  test("fails before the answer", () => {
    const t = ringing();
    const active = t.moves(phone, call, "ACTIVE");
    expect(activeOnceConnected.judge(t.finished())).toMatchObject({
      kind: "fail",
      basis: "order",
      mismatch: "active-before-answer",
      evidence: [active.seq],
    });
    const answer = t.userAnswers(phone, call, { afterMs: 200 });
    expect(activeOnceConnected.judge(t.finished())).toMatchObject({
      mismatch: "active-before-answer",
      evidence: [answer.seq, active.seq],
    });
  });

  test("fails before the 2xx, is inconclusive about the same instant, and does not ask it of answers at once", () => {
    const before = (afterMs: number, answerFulfil: "connected" | "at-once" = "connected") => {
      const t = ringing({ profile: { answerFulfil } });
      t.taps(phone, call, "answer");
      const active = t.moves(phone, call, "ACTIVE");
      t.appSends(phone, call, 200, { afterMs });
      return { verdict: activeOnceConnected.judge(t.finished()), active };
    };
    const early = before(300);
    expect(early.verdict).toMatchObject({ kind: "fail", mismatch: "active-before-2xx" });
    expect(early.verdict.kind === "fail" && early.verdict.evidence.at(-1)).toBe(early.active.seq);
    expect(before(20).verdict.kind).toBe("inconclusive");
    expect(before(300, "at-once").verdict.kind).toBe("pass");
  });

  test("is not exercised by a call that never becomes active", () => {
    expect(activeOnceConnected.judge(ringing().finished())).toEqual({ kind: "not-exercised" });
  });
});
