import { describe, expect, test } from "vitest";
import { newestTokenOnly } from "./newest-token-only.ts";
import { answeredCall, call, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/newest-token-only", () => {
  const old = "aa11".repeat(16);
  const fresh = "bb22".repeat(16);

  const rotated = () => {
    const t = ladder({ phones: [{ signalling: "connected" }] });
    t.registers(phone, { expires: 0 });
    const { response } = t.registers(phone, { token: fresh });
    t.sleeps(phone);
    t.callerInvites(call, { afterMs: 100 });
    return { t, response };
  };

  test("passes when the next push is for the new token", () => {
    const { t, response } = rotated();
    const { request } = t.push(phone, call, { token: fresh });
    expect(newestTokenOnly.judge(t.finished())).toEqual({ kind: "pass", evidence: [response.seq, request.seq] });
  });

  test("fails when it is for the old one", () => {
    const { t } = rotated();
    const { request } = t.push(phone, call, { token: old });
    expect(failure(newestTokenOnly.judge(t.finished()))).toEqual({
      mismatch: "old-token-used",
      violation: request.seq,
    });
  });

  test("allows the old token while its own binding is still there", () => {
    const t = ladder({ phones: [{ signalling: "connected" }] });
    t.registers(phone, { token: fresh });
    t.callerInvites(call);
    t.push(phone, call, { token: old });
    expect(kindOf(newestTokenOnly, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when push and answer to the REGISTER crossed", () => {
    const t = ladder({ phones: [{ signalling: "connected" }] });
    t.callerInvites(call);
    t.registers(phone, { expires: 0 });
    t.registers(phone, { token: fresh });
    t.push(phone, call, { token: old });
    expect(kindOf(newestTokenOnly, t.finished())).toBe("inconclusive");
  });

  test("is not exercised when no token was replaced", () => {
    expect(kindOf(newestTokenOnly, answeredCall())).toBe("not-exercised");
  });
});
