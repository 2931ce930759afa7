import { describe, expect, test } from "vitest";
import { pushType } from "./push-type.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/push-type", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(pushType.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["not-voip", "missing-push-type", "invalid-push-type", "not-of-the-topic"])(
    "fails with %s when a push drew it",
    (mismatch) => {
      const { trace, request, finding } = pushWithFinding("apns/push-type", mismatch);
      expect(pushType.judge(trace)).toMatchObject({
        kind: "fail",
        mismatch,
        basis: "content",
        evidence: [finding, request],
      });
    },
  );

  test("is not exercised without a push", () => {
    expect(pushType.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
