import { describe, expect, test } from "vitest";
import { method } from "./method.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/method", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(method.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["method-not-post"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/method", mismatch);
    expect(method.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(method.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
