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

  test("fails by time alone, as the push of a busy target may be seen long after its SIP", () => {
    const further = cancelledWhileHeld();
    further.push(phone, call, { afterMs: 100 });
    expect(noCancelPush.judge(further.finished())).toMatchObject({ kind: "fail", basis: "deadline" });
    const first = ladder();
    first.callerInvites(call);
    first.callerCancels(call);
    first.callerGetsForCancel(call);
    first.push(phone, call, { afterMs: 3000 });
    expect(noCancelPush.judge(first.finished())).toMatchObject({ kind: "fail", basis: "deadline" });
  });

  test("is inconclusive when a further push came too close to the end to tell which was first", () => {
    const t = cancelledWhileHeld();
    t.push(phone, call, { afterMs: 20 });
    expect(kindOf(noCancelPush, t.finished())).toBe("inconclusive");
    const before = ladder();
    before.pushed();
    before.push(phone, call, { afterMs: 20 });
    before.callerCancels(call);
    before.callerGetsForCancel(call);
    expect(kindOf(noCancelPush, before.finished())).toBe("inconclusive");
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
