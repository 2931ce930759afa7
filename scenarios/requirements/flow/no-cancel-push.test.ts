import { describe, expect, test } from "vitest";
import { noCancelPush } from "./no-cancel-push.ts";
import { answeredCall, call, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/no-cancel-push", () => {
  const cancelledWhileHeld = () => {
    const t = ladder();
    t.pushed();
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    return t;
  };

  test("passes when nothing is pushed after the hang-up", () => {
    expect(kindOf(noCancelPush, cancelledWhileHeld().finished())).toBe("pass");
    expect(kindOf(noCancelPush, answeredCall())).toBe("pass");
  });

  test("fails when the hang-up is pushed", () => {
    const t = cancelledWhileHeld();
    const { request } = t.push(phone, call, { afterMs: 100, payload: { cancelled: true } });
    expect(failure(noCancelPush.judge(t.finished()))).toEqual({ mismatch: "pushed-after-end", violation: request.seq });
  });

  test("fails when the first push leaves long after the hang-up", () => {
    const t = ladder();
    t.callerInvites(call);
    t.callerGets(call, 100);
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    const { request } = t.push(phone, call, { afterMs: 3000 });
    expect(failure(noCancelPush.judge(t.finished()))).toEqual({ mismatch: "pushed-after-end", violation: request.seq });
  });

  test("is inconclusive when the first push may have been on its way", () => {
    const t = ladder();
    t.callerInvites(call);
    t.callerGets(call, 100);
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.push(phone, call, { afterMs: 300 });
    expect(kindOf(noCancelPush, t.finished())).toBe("inconclusive");
  });

  test("is not exercised while the call goes on", () => {
    const t = ladder();
    t.pushed();
    expect(kindOf(noCancelPush, t.finished())).toBe("not-exercised");
  });

  test("does not apply to profiles that cancel by push", () => {
    expect(
      noCancelPush.applies(ladder({ profile: { cancelByPush: { pointer: "/type", value: "cancel" } } }).facts),
    ).toBeTypeOf("string");
    expect(noCancelPush.applies(ladder().facts)).toBe(true);
  });
});
