import { describe, expect, test } from "vitest";
import { inviteOnNewestFlow } from "./invite-on-newest-flow.ts";
import { answeredCall, call, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/invite-on-newest-flow", () => {
  const silent = { phones: [{ signalling: "silent" as const }] };

  test("passes when the INVITE comes over the wake-up's flow", () => {
    expect(kindOf(inviteOnNewestFlow, answeredCall(silent))).toBe("pass");
  });

  test("fails when it goes to the old contact only", () => {
    const t = ladder(silent);
    t.pushed();
    const old = t.flowOf(phone);
    t.wakes(phone);
    const invite = t.inviteReaches(phone, call, { flow: old, afterMs: 100 });
    expect(failure(inviteOnNewestFlow.judge(t.finished()))).toEqual({
      mismatch: "invite-on-old-flow",
      violation: invite.seq,
    });
  });

  test("allows the old contact beside the new one, and before it", () => {
    const t = ladder(silent);
    t.pushed();
    const old = t.flowOf(phone);
    t.inviteReaches(phone, call);
    t.wakes(phone);
    t.inviteReaches(phone, call, { flow: old, afterMs: 100 });
    t.inviteReaches(phone, call);
    expect(kindOf(inviteOnNewestFlow, t.finished())).toBe("pass");
  });

  test("is not exercised by a phone that registered over one flow only", () => {
    const t = ladder({ phones: [{ signalling: "connected" }] });
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    expect(kindOf(inviteOnNewestFlow, t.finished())).toBe("not-exercised");
  });
});
