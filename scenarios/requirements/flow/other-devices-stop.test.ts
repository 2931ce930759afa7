import { describe, expect, test } from "vitest";
import { otherDevicesStop } from "./other-devices-stop.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/other-devices-stop", () => {
  const two = { phones: [{}, {}] };

  const bothRing = () => {
    const t = ladder(two);
    t.pushed();
    t.push("phone:2", call);
    t.wokenWithInvite();
    t.rings();
    t.wokenWithInvite("phone:2");
    t.rings("phone:2");
    return t;
  };

  test("passes when the other phone is cancelled, or had declined", () => {
    const t = bothRing();
    t.answers();
    t.cancelReaches("phone:2", call);
    expect(kindOf(otherDevicesStop, t.finished())).toBe("pass");
    const declined = bothRing();
    declined.phoneSends("phone:2", call, 486);
    declined.answers();
    expect(kindOf(otherDevicesStop, declined.finished())).toBe("not-exercised");
  });

  test("fails when it rings on, or is cancelled late", () => {
    const t = bothRing();
    const { answer } = t.answers();
    expect(failure(otherDevicesStop.judge(t.finished()))).toEqual({
      mismatch: "other-device-rings-on",
      violation: answer.seq,
    });
    const late = t.cancelReaches("phone:2", call, { afterMs: 3000 });
    expect(failure(otherDevicesStop.judge(t.finished()))).toEqual({
      mismatch: "other-device-rings-on",
      violation: late.seq,
    });
  });

  test("asks for nothing when both answered at once", () => {
    const t = bothRing();
    t.phoneSends(phone, call, 200);
    t.phoneSends("phone:2", call, 200);
    expect(kindOf(otherDevicesStop, t.finished())).toBe("not-exercised");
  });

  test("asks for nothing at a contact that never answered", () => {
    const t = ladder({ phones: [{}, { signalling: "silent" }] });
    t.pushed();
    t.inviteReaches("phone:2", call);
    t.wokenWithInvite();
    t.answers();
    expect(kindOf(otherDevicesStop, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when cut short, and not exercised by one phone", () => {
    const t = bothRing();
    t.answers();
    expect(kindOf(otherDevicesStop, cutShort(t))).toBe("inconclusive");
    expect(kindOf(otherDevicesStop, answeredCall())).toBe("not-exercised");
  });

  test("applies to targets with several devices per account", () => {
    expect(otherDevicesStop.applies(ladder({ features: { multipleDevices: false } }).facts)).toBeTypeOf("string");
  });
});
