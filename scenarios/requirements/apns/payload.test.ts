import { describe, expect, test } from "vitest";
import { payload } from "./payload.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/payload", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(payload.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["not-a-json-object", "empty", "compressed"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/payload", mismatch);
    expect(payload.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(payload.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
