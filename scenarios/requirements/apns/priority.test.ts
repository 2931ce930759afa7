import { describe, expect, test } from "vitest";
import { priority } from "./priority.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/priority", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(priority.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["not-immediate", "bad-priority", "background-immediate"])(
    "fails with %s when a push drew it",
    (mismatch) => {
      const { trace, request, finding } = pushWithFinding("apns/priority", mismatch);
      expect(priority.judge(trace)).toMatchObject({
        kind: "fail",
        mismatch,
        basis: "content",
        evidence: [finding, request],
      });
    },
  );

  test("is not exercised without a push", () => {
    expect(priority.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
