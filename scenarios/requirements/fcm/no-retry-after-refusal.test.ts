import { describe, expect, test } from "vitest";
import { traceBuilder } from "../../../harness/judge/testing/trace-builder.ts";
import { noRetryAfterRefusal } from "./no-retry-after-refusal.ts";

const invalid = { status: 400, reason: "INVALID_ARGUMENT" } as const;
const unauthenticated = { status: 401 } as const;

function called() {
  const t = traceBuilder({ phones: [{ platform: "android" }] });
  t.callerInvites("call:1");
  return t;
}

describe("fcm/no-retry-after-refusal", () => {
  test("passes when a refused message is given up", () => {
    const t = called();
    const { response } = t.push("phone:1", "call:1", invalid);
    expect(noRetryAfterRefusal.judge(t.finished())).toEqual({ kind: "pass", evidence: [response?.seq] });
  });

  test("passes when the message that follows is another", () => {
    const t = called();
    t.push("phone:1", "call:1", invalid);
    t.push("phone:1", "call:1", { android: { ttl: "10s" } });
    expect(noRetryAfterRefusal.judge(t.finished()).kind).toBe("pass");
  });

  test("passes when one attempt follows 401, with a new access token", () => {
    const t = called();
    t.push("phone:1", "call:1", unauthenticated);
    t.push("phone:1", "call:1");
    expect(noRetryAfterRefusal.judge(t.finished()).kind).toBe("pass");
  });

  test.each([invalid, { status: 403, reason: "SENDER_ID_MISMATCH" }, { status: 404, reason: "UNREGISTERED" }])(
    "fails when the same message follows $status",
    (refusal) => {
      const t = called();
      const { response } = t.push("phone:1", "call:1", refusal);
      const { request } = t.push("phone:1", "call:1", refusal);
      expect(noRetryAfterRefusal.judge(t.finished())).toMatchObject({
        kind: "fail",
        mismatch: "retried-refused",
        basis: "content",
        evidence: [response?.seq, request.seq],
      });
    },
  );

  test("fails when a second attempt follows 401", () => {
    const t = called();
    const { response } = t.push("phone:1", "call:1", unauthenticated);
    t.push("phone:1", "call:1", unauthenticated);
    const { request } = t.push("phone:1", "call:1", unauthenticated);
    expect(noRetryAfterRefusal.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "retried-refused",
      evidence: [response?.seq, request.seq],
    });
  });

  test("is inconclusive when the case was cut short", () => {
    const t = called();
    t.push("phone:1", "call:1", invalid);
    expect(noRetryAfterRefusal.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("is not exercised by accepted messages, other errors or pushes through APNs", () => {
    const t = called();
    t.push("phone:1", "call:1");
    t.push("phone:1", "call:1", { status: 503, reason: "UNAVAILABLE" });
    expect(noRetryAfterRefusal.judge(t.finished())).toEqual({ kind: "not-exercised" });
    const other = traceBuilder();
    other.callerInvites("call:1");
    other.push("phone:1", "call:1", { status: 400, reason: "BadTopic" });
    expect(noRetryAfterRefusal.judge(other.finished())).toEqual({ kind: "not-exercised" });
  });
});
