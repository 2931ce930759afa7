import { describe, expect, test } from "vitest";
import { holdUntilRegistered } from "./hold-until-registered.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/hold-until-registered", () => {
  const silent = { phones: [{ signalling: "silent" as const }] };

  test("passes when the INVITE waits for the wake-up REGISTER", () => {
    expect(kindOf(holdUntilRegistered, answeredCall(silent))).toBe("pass");
  });

  test("fails when it reaches the silent phone before", () => {
    const t = ladder(silent);
    t.callerInvites(call);
    const early = t.inviteReaches(phone, call);
    t.push(phone, call);
    t.wokenWithInvite();
    expect(failure(holdUntilRegistered.judge(t.finished()))).toEqual({
      mismatch: "invite-before-register",
      violation: early.seq,
    });
  });

  test("fails when it comes and no REGISTER ever does", () => {
    const t = ladder(silent);
    t.pushed();
    const early = t.inviteReaches(phone, call);
    expect(failure(holdUntilRegistered.judge(t.finished()))).toEqual({
      mismatch: "invite-before-register",
      violation: early.seq,
    });
  });

  test("leaves a target its last try when every push was refused", () => {
    const t = ladder(silent);
    t.callerInvites(call);
    t.push(phone, call, { status: 500 });
    t.inviteReaches(phone, call);
    expect(kindOf(holdUntilRegistered, t.finished())).toBe("not-exercised");
  });

  test("is not exercised where nobody could see an INVITE: closed sockets, connected phones, silent streams", () => {
    expect(kindOf(holdUntilRegistered, answeredCall())).toBe("not-exercised");
    expect(kindOf(holdUntilRegistered, answeredCall({ phones: [{ signalling: "connected" }] }))).toBe("not-exercised");
    const t = ladder({ transport: "tcp", ...silent });
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    expect(kindOf(holdUntilRegistered, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    const t = ladder(silent);
    t.pushed();
    expect(kindOf(holdUntilRegistered, cutShort(t))).toBe("inconclusive");
  });

  test("does not apply to parallel delivery", () => {
    expect(holdUntilRegistered.applies(ladder({ features: { delivery: "parallel" } }).facts)).toBeTypeOf("string");
    expect(holdUntilRegistered.applies(ladder({ features: { transports: ["tcp"] } }).facts)).toMatch(/connection/);
    expect(holdUntilRegistered.applies(ladder().facts)).toBe(true);
  });
});
