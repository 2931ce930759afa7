import { describe, expect, test } from "vitest";
import { noWakeFinalResponse } from "./no-wake-final-response.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/no-wake-final-response", () => {
  const pushed = () => {
    const t = ladder();
    t.pushed();
    return t;
  };

  test("passes when the caller is told, with its margin", () => {
    const t = pushed();
    t.callerGets(call, 480, { afterMs: 20_000 });
    expect(noWakeFinalResponse.judge(t.finished())).toMatchObject({ kind: "pass", margins: [{ limitMs: 40_000 }] });
  });

  test("fails when it is kept waiting", () => {
    const t = pushed();
    t.wait(45_000);
    t.callerGets(call, 480);
    expect(failure(noWakeFinalResponse.judge(t.finished()))).toMatchObject({ mismatch: "no-final-response" });
    const capped = pushed();
    capped.event("harness", "harness", { kind: "step.unreached", action: "", anchor: "" }, { afterMs: 60_000 });
    expect(failure(noWakeFinalResponse.judge(cutShort(capped)))).toMatchObject({ mismatch: "no-final-response" });
  });

  test("is not exercised when a phone woke or was there, or the caller hung up", () => {
    expect(kindOf(noWakeFinalResponse, answeredCall())).toBe("not-exercised");
    const woken = pushed();
    woken.wakes(phone);
    woken.callerGets(call, 480);
    expect(kindOf(noWakeFinalResponse, woken.finished())).toBe("not-exercised");
    const hungUp = pushed();
    hungUp.callerCancels(call);
    hungUp.callerGets(call, 487);
    expect(kindOf(noWakeFinalResponse, hungUp.finished())).toBe("not-exercised");
    const there = ladder({ phones: [{ signalling: "connected" }] });
    there.pushed();
    there.callerGets(call, 480);
    expect(kindOf(noWakeFinalResponse, there.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case ended before the response was due", () => {
    expect(kindOf(noWakeFinalResponse, cutShort(pushed()))).toBe("inconclusive");
  });

  test("does not apply to targets that divert", () => {
    expect(noWakeFinalResponse.applies(ladder({ features: { fallback: "divert" } }).facts)).toBeTypeOf("string");
  });
});
