import { describe, expect, test } from "vitest";
import { messageId } from "./message-id.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/message-id", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(messageId.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["not-a-uuid"])("fails with %s when a push drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding("apns/message-id", mismatch);
    expect(messageId.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [finding, request],
    });
  });

  test("is not exercised without a push", () => {
    expect(messageId.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
