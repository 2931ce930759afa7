import { describe, expect, test } from "vitest";
import { collapseId } from "./collapse-id.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/collapse-id", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(collapseId.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["too-long"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/collapse-id", mismatch);
    expect(collapseId.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(collapseId.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
