import { describe, expect, test } from "vitest";
import { targetSurvives } from "./target-survives.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, quiet } from "./testing/ladder.ts";

describe("flow/target-survives", () => {
  test("passes when the target is there at the end", () => {
    expect(kindOf(targetSurvives, answeredCall())).toBe("pass");
  });

  test("fails when it died, after what it died of", () => {
    const t = ladder();
    t.pushed();
    const cancel = t.callerCancels(call);
    const verdict = targetSurvives.judge(t.targetDied());
    expect(failure(verdict)).toMatchObject({ mismatch: "target-died" });
    expect(verdict).toMatchObject({ evidence: [cancel.seq, cancel.seq + 1] });
  });

  test("is not exercised by a target that did nothing, and inconclusive when cut short", () => {
    expect(kindOf(targetSurvives, quiet())).toBe("not-exercised");
    const t = ladder();
    t.pushed();
    expect(kindOf(targetSurvives, cutShort(t))).toBe("inconclusive");
  });
});
