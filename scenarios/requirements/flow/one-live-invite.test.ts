import { describe, expect, test } from "vitest";
import { oneLiveInvite } from "./one-live-invite.ts";
import { call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/one-live-invite", () => {
  const parallel = { features: { delivery: "parallel" as const }, phones: [{ signalling: "silent" as const }] };

  test("passes when the branch to the old, silent contact is all there was before", () => {
    const t = ladder(parallel);
    t.pushed();
    t.inviteReaches(phone, call);
    t.wokenWithInvite();
    t.rings();
    expect(kindOf(oneLiveInvite, t.finished())).toBe("pass");
  });

  test("fails when the new flow gets two branches", () => {
    const t = ladder(parallel);
    t.pushed();
    t.wokenWithInvite();
    const second = t.inviteReaches(phone, call);
    expect(failure(oneLiveInvite.judge(t.finished()))).toEqual({ mismatch: "two-live-invites", violation: second.seq });
  });

  test("passes when the older of two is cancelled, also where the CANCEL is seen after the new INVITE", () => {
    const t = ladder({ ...parallel, phones: [{ signalling: "connected" }] });
    t.pushed();
    t.inviteReaches(phone, call);
    t.phoneSends(phone, call, 180);
    t.wokenWithInvite();
    t.cancelReaches(phone, call, { nth: 1 });
    expect(kindOf(oneLiveInvite, t.finished())).toBe("pass");
  });

  test("does not take the CANCEL after the answer for the one that was due", () => {
    const t = ladder({ ...parallel, phones: [{ signalling: "connected" }] });
    t.pushed();
    t.inviteReaches(phone, call);
    t.phoneSends(phone, call, 180);
    const { invite } = t.wokenWithInvite();
    t.phoneSends(phone, call, 200);
    t.cancelReaches(phone, call, { nth: 1 });
    expect(failure(oneLiveInvite.judge(t.finished()))).toEqual({ mismatch: "two-live-invites", violation: invite.seq });
  });

  test("is not exercised without an INVITE, and inconclusive when cut short", () => {
    const t = ladder(parallel);
    t.pushed();
    expect(kindOf(oneLiveInvite, t.finished())).toBe("not-exercised");
    t.wokenWithInvite();
    expect(kindOf(oneLiveInvite, cutShort(t))).toBe("inconclusive");
  });

  test("does not apply to targets that hold", () => {
    expect(oneLiveInvite.applies(ladder().facts)).toBeTypeOf("string");
    expect(oneLiveInvite.applies(ladder(parallel).facts)).toBe(true);
  });
});
