import { describe, expect, test } from "vitest";
import { traceBuilder } from "../../../harness/judge/testing/trace-builder.ts";
import { quotaBackoff } from "./quota-backoff.ts";

const quota = { status: 429, reason: "QUOTA_EXCEEDED", retryAfterS: 3 } as const;

function called() {
  const t = traceBuilder({ phones: [{ platform: "android" }] });
  t.callerInvites("call:1");
  return t;
}

describe("fcm/quota-backoff", () => {
  test("passes when nothing follows the answer", () => {
    const t = called();
    const { response } = t.push("phone:1", "call:1", quota);
    expect(quotaBackoff.judge(t.finished())).toEqual({ kind: "pass", evidence: [response?.seq] });
  });

  test("passes when the next message comes once the time is over", () => {
    const t = called();
    t.push("phone:1", "call:1", quota);
    t.push("phone:1", "call:1", { afterMs: 3100 });
    expect(quotaBackoff.judge(t.finished()).kind).toBe("pass");
  });

  test.each([quota, { status: 503, reason: "UNAVAILABLE", retryAfterS: 3 }])(
    "fails when the next message comes sooner than Retry-After of $status",
    (answer) => {
      const t = called();
      const { response } = t.push("phone:1", "call:1", answer);
      const { request } = t.push("phone:1", "call:1", { afterMs: 1000 });
      expect(quotaBackoff.judge(t.finished())).toMatchObject({
        kind: "fail",
        mismatch: "retried-too-soon",
        basis: "content",
        actual: "another message after 1000 ms",
        evidence: [response?.seq, request.seq],
      });
    },
  );

  test("is inconclusive when a busy host cannot tell", () => {
    const t = called();
    t.push("phone:1", "call:1", quota);
    t.push("phone:1", "call:1", { afterMs: 3100, lagMs: 500 });
    expect(quotaBackoff.judge(t.finished()).kind).toBe("inconclusive");
  });

  test("lets another call be pushed at once", () => {
    const t = traceBuilder({ phones: [{ platform: "android" }], calls: [{}, {}] });
    t.callerInvites("call:1");
    t.push("phone:1", "call:1", quota);
    t.callerInvites("call:2");
    t.push("phone:1", "call:2");
    expect(quotaBackoff.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised by answers without Retry-After, or through APNs", () => {
    const t = called();
    t.push("phone:1", "call:1", { status: 429, reason: "QUOTA_EXCEEDED" });
    t.push("phone:1", "call:1");
    expect(quotaBackoff.judge(t.finished())).toEqual({ kind: "not-exercised" });
    const other = traceBuilder();
    other.callerInvites("call:1");
    other.push("phone:1", "call:1", { status: 429, reason: "TooManyRequests" });
    expect(quotaBackoff.judge(other.finished())).toEqual({ kind: "not-exercised" });
  });
});
