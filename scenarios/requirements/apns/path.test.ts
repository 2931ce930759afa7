import { describe, expect, test } from "vitest";
import { path } from "./path.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/path", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(path.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["bad-path", "missing-device-token"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/path", mismatch);
    expect(path.judge(trace)).toMatchObject({ kind: "fail", mismatch, basis: "content", evidence: [finding, request] });
  });

  test("is not exercised without a push", () => {
    expect(path.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
