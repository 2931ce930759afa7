import { describe, expect, test } from "vitest";
import { topic } from "./topic.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";

describe("apns/topic", () => {
  test("passes when no push drew a finding of its rule", () => {
    expect(topic.judge(cleanPush()).kind).toBe("pass");
  });

  test.each(["topic-not-voip", "missing-topic", "topic-disallowed", "not-of-the-push-type"])(
    "fails with %s when a push drew it",
    (mismatch) => {
      const { trace, request, finding } = pushWithFinding("apns/topic", mismatch);
      expect(topic.judge(trace)).toMatchObject({
        kind: "fail",
        mismatch,
        basis: "content",
        evidence: [finding, request],
      });
    },
  );

  test("is not exercised without a push", () => {
    expect(topic.judge(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});
