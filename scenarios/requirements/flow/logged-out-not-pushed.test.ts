import { describe, expect, test } from "vitest";
import { loggedOutNotPushed } from "./logged-out-not-pushed.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/logged-out-not-pushed", () => {
  const loggedOut = { phones: [{ signalling: "logged-out" as const }] };

  test("passes when the caller is told that nobody is there", () => {
    const t = ladder(loggedOut);
    t.callerInvites(call);
    t.callerGets(call, 480);
    expect(kindOf(loggedOutNotPushed, t.finished())).toBe("pass");
  });

  test("fails for a push and for an INVITE", () => {
    const pushed = ladder(loggedOut);
    pushed.callerInvites(call);
    const { request } = pushed.push(phone, call, { afterMs: 100 });
    expect(failure(loggedOutNotPushed.judge(pushed.finished()))).toEqual({
      mismatch: "pushed-after-log-out",
      violation: request.seq,
    });
    const invited = ladder(loggedOut);
    invited.callerInvites(call);
    expect(failure(loggedOutNotPushed.judge((invited.inviteReaches(phone, call), invited.finished())))).toMatchObject({
      mismatch: "pushed-after-log-out",
    });
  });

  test("passes when another phone of the account is called instead", () => {
    const t = ladder({ phones: [{ signalling: "logged-out" }, {}] });
    t.callerInvites(call);
    t.push("phone:2", call, { afterMs: 100 });
    expect(kindOf(loggedOutNotPushed, t.finished())).toBe("pass");
  });

  test("leaves a push for an invented token to others", () => {
    const t = ladder({ phones: [{ signalling: "logged-out" }, {}] });
    t.callerInvites(call);
    t.push(phone, call, { token: "cafe", afterMs: 100, status: 400 });
    expect(kindOf(loggedOutNotPushed, t.finished())).toBe("pass");
  });

  test("allows both once the phone registered again", () => {
    const t = ladder(loggedOut);
    t.wakes(phone);
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    t.push(phone, call, { afterMs: 100 });
    expect(kindOf(loggedOutNotPushed, t.finished())).toBe("not-exercised");
  });

  test("passes nobody who answers for the phone, and leaves calls from before alone", () => {
    const lazy = ladder(loggedOut);
    lazy.callerInvites(call);
    lazy.callerGets(call, 200);
    expect(kindOf(loggedOutNotPushed, lazy.finished())).toBe("not-exercised");
    const earlier = ladder({ phones: [{ signalling: "connected" }] });
    earlier.callerInvites(call);
    earlier.registers(phone, { expires: 0 });
    earlier.push(phone, call, { afterMs: 100 });
    expect(kindOf(loggedOutNotPushed, earlier.finished())).toBe("not-exercised");
  });

  test("is not exercised without a log-out, and inconclusive when cut short", () => {
    expect(kindOf(loggedOutNotPushed, answeredCall())).toBe("not-exercised");
    const t = ladder(loggedOut);
    t.callerInvites(call);
    t.callerGets(call, 480);
    expect(kindOf(loggedOutNotPushed, cutShort(t))).toBe("inconclusive");
  });
});
