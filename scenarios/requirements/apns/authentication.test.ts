import { describe, expect, test } from "vitest";
import { authentication } from "./authentication.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/authentication", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(authentication.judge(cleanPush()).kind).toBe("pass");
  });

  test.each([
    "missing-provider-token",
    "invalid-provider-token",
    "unrelated-key",
    "wrong-environment-key",
    "wrong-team",
    "bad-certificate",
    "bad-certificate-environment",
    "scheme-case",
  ])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/authentication", mismatch);
    expect(authentication.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(authentication.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
