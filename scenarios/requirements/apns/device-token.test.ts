import { describe, expect, test } from "vitest";
import { deviceToken } from "./device-token.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/device-token", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(deviceToken.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["unknown-token", "token-not-hex", "unregistered", "expired", "other-environment", "other-topic"])(
    "fails with %s when a push drew it",
    (mismatch) => {
      const { trace, request, finding } = pushWithFinding("apns/device-token", mismatch);
      expect(deviceToken.judge(trace)).toMatchObject({
        kind: "fail",
        mismatch,
        basis: "content",
        evidence: [finding, request],
      });
    },
  );

  test("is not exercised without a push", () => {
    expect(deviceToken.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
