import { describe, expect, test } from "vitest";
import { duplicateHeaders } from "./duplicate-headers.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/duplicate-headers", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(duplicateHeaders.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["repeated-header"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/duplicate-headers", mismatch);
    expect(duplicateHeaders.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(duplicateHeaders.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
