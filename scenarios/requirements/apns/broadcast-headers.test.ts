import { describe, expect, test } from "vitest";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";
import { broadcastHeaders } from "./broadcast-headers.ts";

describe("apns/broadcast-headers", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(broadcastHeaders.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["broadcast-header"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/broadcast-headers", mismatch);
    expect(broadcastHeaders.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(broadcastHeaders.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
