import { describe, expect, test } from "vitest";
import { onePushPerCall } from "./one-push-per-call.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone, quiet } from "./testing/ladder.ts";

describe("flow/one-push-per-call", () => {
  test("passes for one push, also where the first was refused or delivered twice", () => {
    expect(kindOf(onePushPerCall, answeredCall())).toBe("pass");
    const t = ladder();
    t.callerInvites(call);
    t.push(phone, call, { status: 503 });
    t.push(phone, call, { copies: 2 });
    t.wokenWithInvite();
    expect(kindOf(onePushPerCall, t.finished())).toBe("pass");
  });

  test("fails when a second one is accepted", () => {
    const t = ladder();
    t.pushed();
    const { request } = t.push(phone, call);
    expect(failure(onePushPerCall.judge(t.finished()))).toEqual({ mismatch: "pushed-twice", violation: request.seq });
  });

  test("lets a phone be pushed again that woke and went away", () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.sleeps(phone);
    t.push(phone, call);
    expect(kindOf(onePushPerCall, t.finished())).toBe("pass");
  });

  test("is inconclusive when the case was cut short", () => {
    const t = ladder();
    t.pushed();
    expect(kindOf(onePushPerCall, cutShort(t))).toBe("inconclusive");
  });

  test("is not exercised without a push", () => {
    expect(kindOf(onePushPerCall, quiet())).toBe("not-exercised");
  });
});
