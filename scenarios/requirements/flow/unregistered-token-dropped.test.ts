import { describe, expect, test } from "vitest";
import { unregisteredTokenDropped } from "./unregistered-token-dropped.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/unregistered-token-dropped", () => {
  const refusedWith = (at: "before" | "after") => {
    const t = ladder({ calls: [{}, {}] });
    t.callerInvites(call, { afterMs: 1000 });
    const timestampMs = t.facts.epochMs + (at === "after" ? t.now() : 1);
    const { response } = t.push(phone, call, { status: 410, reason: "Unregistered", timestampMs });
    t.callerGets(call, 480);
    const next = t.callerInvites("call:2", { afterMs: 500 });
    return { t, response, next };
  };

  test("passes when the next call does not push it", () => {
    const { t, next } = refusedWith("after");
    t.callerGets("call:2", 480);
    expect(unregisteredTokenDropped.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [6, next.seq] });
  });

  test("fails when it does", () => {
    const { t } = refusedWith("after");
    const { request } = t.push(phone, "call:2");
    expect(failure(unregisteredTokenDropped.judge(t.finished()))).toEqual({
      mismatch: "pushed-unregistered-token",
      violation: request.seq,
    });
  });

  test("allows it once the token was registered again", () => {
    const { t } = refusedWith("after");
    t.wakes(phone);
    t.push(phone, "call:2", { afterMs: 100 });
    expect(kindOf(unregisteredTokenDropped, t.finished())).toBe("pass");
  });

  test("says nothing about a 410 older than the registration, or without a next call", () => {
    const { t } = refusedWith("before");
    t.push(phone, "call:2");
    expect(kindOf(unregisteredTokenDropped, t.finished())).toBe("not-exercised");
    const once = ladder();
    once.callerInvites(call);
    once.push(phone, call, { status: 410, timestampMs: once.facts.epochMs + 5000 });
    expect(kindOf(unregisteredTokenDropped, once.finished())).toBe("not-exercised");
  });

  test("takes FCM's UNREGISTERED as it takes a 410, and no other 404", () => {
    const refusedByFcm = (reason?: string) => {
      const t = ladder({ phones: [{ platform: "android" }], calls: [{}, {}] });
      t.callerInvites(call);
      t.push(phone, call, { status: 404, ...(reason === undefined ? {} : { reason }) });
      t.callerGets(call, 480);
      t.callerInvites("call:2", { afterMs: 500 });
      return t;
    };
    const kept = refusedByFcm("UNREGISTERED");
    const { request } = kept.push(phone, "call:2");
    expect(failure(unregisteredTokenDropped.judge(kept.finished()))).toEqual({
      mismatch: "pushed-unregistered-token",
      violation: request.seq,
    });
    expect(kindOf(unregisteredTokenDropped, refusedByFcm("UNREGISTERED").finished())).toBe("pass");
    const wrongPath = refusedByFcm();
    wrongPath.push(phone, "call:2");
    expect(kindOf(unregisteredTokenDropped, wrongPath.finished())).toBe("not-exercised");
  });

  test("is inconclusive when cut short, and not exercised without a 410", () => {
    expect(kindOf(unregisteredTokenDropped, cutShort(refusedWith("after").t))).toBe("inconclusive");
    expect(kindOf(unregisteredTokenDropped, answeredCall())).toBe("not-exercised");
  });
});
