import { describe, expect, test } from "vitest";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";
import { scheme } from "./scheme.ts";

describe("apns/scheme", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(scheme.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["malformed-scheme"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/scheme", mismatch);
    expect(scheme.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(scheme.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
