import { describe, expect, test } from "vitest";
import { providerTokenAge } from "./provider-token-age.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/provider-token-age", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(providerTokenAge.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["expired-provider-token"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/provider-token-age", mismatch);
    expect(providerTokenAge.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(providerTokenAge.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
