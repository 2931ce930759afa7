import { describe, expect, test } from "vitest";
import { expiration } from "./expiration.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/expiration", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(expiration.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["too-late", "missing", "not-epoch", "bad-expiration"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/expiration", mismatch);
    expect(expiration.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(expiration.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
