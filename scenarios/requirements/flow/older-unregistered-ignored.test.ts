import { describe, expect, test } from "vitest";
import { olderUnregisteredIgnored } from "./older-unregistered-ignored.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/older-unregistered-ignored", () => {
  const refusedWith = (at: "before" | "after") => {
    const t = ladder({ calls: [{}, {}] });
    t.callerInvites(call, { afterMs: 1000 });
    const timestampMs = t.facts.epochMs + (at === "after" ? t.now() : 1);
    const { response } = t.push(phone, call, { status: 410, reason: "Unregistered", timestampMs });
    t.callerGets(call, 480);
    const next = t.callerInvites("call:2", { afterMs: 500 });
    return { t, response, next };
  };

  test("passes when the next call pushes the token", () => {
    const { t } = refusedWith("before");
    t.push(phone, "call:2");
    expect(kindOf(olderUnregisteredIgnored, t.finished())).toBe("pass");
  });

  test("fails when the token was dropped", () => {
    const { t, next } = refusedWith("before");
    t.callerGets("call:2", 480);
    expect(failure(olderUnregisteredIgnored.judge(t.finished()))).toEqual({
      mismatch: "token-dropped",
      violation: next.seq,
    });
  });

  test("says nothing about a 410 newer than the registration", () => {
    const { t } = refusedWith("after");
    t.callerGets("call:2", 480);
    expect(kindOf(olderUnregisteredIgnored, t.finished())).toBe("not-exercised");
  });

  test("does not apply where no phone is an iPhone: FCM names no time", () => {
    expect(olderUnregisteredIgnored.applies(ladder({ features: { platforms: ["android"] } }).facts)).toBe(
      "only APNs says since when a token is unregistered",
    );
    expect(olderUnregisteredIgnored.applies(ladder().facts)).toBe(true);
  });

  test("is inconclusive when cut short, and not exercised without a 410", () => {
    expect(kindOf(olderUnregisteredIgnored, cutShort(refusedWith("before").t))).toBe("inconclusive");
    expect(kindOf(olderUnregisteredIgnored, answeredCall())).toBe("not-exercised");
  });
});
