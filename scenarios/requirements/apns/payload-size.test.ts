import { describe, expect, test } from "vitest";
import { payloadSize } from "./payload-size.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/payload-size", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(payloadSize.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["too-large"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/payload-size", mismatch);
    expect(payloadSize.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(payloadSize.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
