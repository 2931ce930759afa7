import { describe, expect, test } from "vitest";
import { everyDevicePushed } from "./every-device-pushed.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder } from "./testing/ladder.ts";

describe("flow/every-device-pushed", () => {
  const two = { phones: [{}, {}] };

  test("passes when each of two sleeping phones is pushed", () => {
    const t = ladder(two);
    t.pushed();
    t.push("phone:2", call);
    expect(kindOf(everyDevicePushed, t.finished())).toBe("pass");
  });

  test("fails when only the first is pushed", () => {
    const t = ladder(two);
    const { invite } = t.pushed();
    t.wait(6000);
    t.callerGets(call, 480);
    expect(failure(everyDevicePushed.judge(t.finished()))).toEqual({
      mismatch: "device-not-pushed",
      violation: invite.seq,
    });
  });

  test("asks for nothing once the first phone answered", () => {
    const t = ladder(two);
    t.pushed();
    t.wokenWithInvite();
    t.answers();
    expect(kindOf(everyDevicePushed, t.finished())).toBe("pass");
  });

  test("is not exercised by one phone, nor where nothing was pushed at all", () => {
    expect(kindOf(everyDevicePushed, answeredCall())).toBe("not-exercised");
    const t = ladder(two);
    t.callerInvites(call);
    expect(kindOf(everyDevicePushed, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    const t = ladder(two);
    t.pushed();
    expect(kindOf(everyDevicePushed, cutShort(t))).toBe("inconclusive");
  });

  test("applies to targets with several devices per account", () => {
    expect(everyDevicePushed.applies(ladder({ features: { multipleDevices: false } }).facts)).toBeTypeOf("string");
    expect(everyDevicePushed.applies(ladder().facts)).toBe(true);
  });
});
