import { describe, expect, test } from "vitest";
import { noRetryStorm } from "./no-retry-storm.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/no-retry-storm", () => {
  const refused = (status: number, retries: number) => {
    const t = ladder();
    t.callerInvites(call);
    for (let push = 0; push <= retries; push++) t.push(phone, call, { status });
    return t;
  };

  test.each([429, 500, 503])("passes for two more pushes after %i", (status) => {
    expect(kindOf(noRetryStorm, refused(status, 0).finished())).toBe("pass");
    expect(kindOf(noRetryStorm, refused(status, 2).finished())).toBe("pass");
  });

  test("fails for three more", () => {
    const t = refused(503, 2);
    const { request } = t.push(phone, call, { status: 503 });
    expect(failure(noRetryStorm.judge(t.finished()))).toEqual({ mismatch: "retry-storm", violation: request.seq });
  });

  test("counts each call by itself", () => {
    const t = ladder({ calls: [{}, {}] });
    t.callerInvites(call);
    t.push(phone, call, { status: 500 });
    t.push(phone, call, { status: 500 });
    t.callerInvites("call:2");
    t.push(phone, "call:2", { status: 500 });
    t.push(phone, "call:2", { status: 500 });
    expect(kindOf(noRetryStorm, t.finished())).toBe("pass");
  });

  test("holds for FCM too", () => {
    const t = ladder({ phones: [{ platform: "android" }] });
    t.callerInvites(call);
    const pushes = [0, 1, 2, 3].map(() => t.push(phone, call, { status: 503, reason: "UNAVAILABLE" }));
    expect(failure(noRetryStorm.judge(t.finished()))).toEqual({
      mismatch: "retry-storm",
      violation: pushes[3]?.request.seq,
    });
  });

  test("is not exercised by other answers, and inconclusive when cut short", () => {
    expect(kindOf(noRetryStorm, refused(410, 5).finished())).toBe("not-exercised");
    expect(kindOf(noRetryStorm, answeredCall())).toBe("not-exercised");
    expect(kindOf(noRetryStorm, cutShort(refused(500, 0)))).toBe("inconclusive");
  });
});
