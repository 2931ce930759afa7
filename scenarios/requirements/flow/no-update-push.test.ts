import { describe, expect, test } from "vitest";
import { noUpdatePush } from "./no-update-push.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/no-update-push", () => {
  test("passes when the woken phone is left alone", () => {
    expect(kindOf(noUpdatePush, answeredCall())).toBe("pass");
  });

  test("fails when it is pushed again while it rings", () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    const { request } = t.push(phone, call, { afterMs: 200, payload: { update: true } });
    expect(failure(noUpdatePush.judge(t.finished()))).toEqual({ mismatch: "pushed-to-update", violation: request.seq });
  });

  test("leaves pushes for a phone that went away again, or after the end, to others", () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.sleeps(phone);
    t.push(phone, call, { afterMs: 200 });
    expect(kindOf(noUpdatePush, t.finished())).toBe("pass");
    const ended = ladder();
    ended.pushed();
    ended.wokenWithInvite();
    ended.rings();
    ended.callerCancelsRinging();
    ended.push(phone, call, { afterMs: 200 });
    expect(kindOf(noUpdatePush, ended.finished())).toBe("pass");
  });

  test("is not exercised when the phone never woke", () => {
    const t = ladder();
    t.pushed();
    expect(kindOf(noUpdatePush, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    expect(kindOf(noUpdatePush, cutShort(t))).toBe("inconclusive");
  });
});
