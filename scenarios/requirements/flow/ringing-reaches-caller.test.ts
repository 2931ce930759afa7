import { describe, expect, test } from "vitest";
import { ringingReachesCaller } from "./ringing-reaches-caller.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/ringing-reaches-caller", () => {
  const invited = () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    return t;
  };

  test("passes when the 180 reaches the caller, with its margin", () => {
    expect(ringingReachesCaller.judge(answeredCall())).toMatchObject({ kind: "pass", margins: [{ actualMs: 10 }] });
  });

  test("fails when it does not", () => {
    const t = invited();
    const ringing = t.phoneSends(phone, call, 180);
    expect(failure(ringingReachesCaller.judge(t.finished()))).toEqual({
      mismatch: "no-ringing",
      violation: ringing.seq,
    });
    t.phoneSends(phone, call, 200, { afterMs: 500 });
    t.callerGets(call, 200);
    expect(failure(ringingReachesCaller.judge(t.finished()))).toEqual({
      mismatch: "no-ringing",
      violation: ringing.seq,
    });
  });

  test("does not take the target's own earlier 180 for the phone's", () => {
    const t = ladder();
    t.callerInvites(call);
    t.callerGets(call, 180, { toTag: "own" });
    t.push(phone, call);
    t.wokenWithInvite();
    t.phoneSends(phone, call, 180);
    expect(failure(ringingReachesCaller.judge(t.finished()))).toMatchObject({ mismatch: "no-ringing" });
  });

  test("asks for nothing when the call was final, or cancelled, while the 180 was under way", () => {
    const quick = invited();
    quick.phoneSends(phone, call, 180);
    quick.phoneSends(phone, call, 200);
    quick.callerGets(call, 200);
    expect(kindOf(ringingReachesCaller, quick.finished())).toBe("not-exercised");
    const cancelled = invited();
    cancelled.callerCancels(call);
    cancelled.phoneSends(phone, call, 180);
    expect(kindOf(ringingReachesCaller, cancelled.finished())).toBe("not-exercised");
  });

  test("is not exercised by a 180 that was lost, and inconclusive when cut short", () => {
    const lost = invited();
    lost.phoneSends(phone, call, 180, { fate: "lost" });
    expect(kindOf(ringingReachesCaller, lost.finished())).toBe("not-exercised");
    const t = invited();
    t.phoneSends(phone, call, 180);
    expect(kindOf(ringingReachesCaller, cutShort(t))).toBe("inconclusive");
  });

  test("applies to proxies without progress of their own", () => {
    expect(ringingReachesCaller.applies(ladder({ features: { kind: "b2bua" } }).facts)).toBeTypeOf("string");
    expect(ringingReachesCaller.applies(ladder({ features: { progress: "early-media" } }).facts)).toBeTypeOf("string");
    expect(ringingReachesCaller.applies(ladder().facts)).toBe(true);
  });
});
