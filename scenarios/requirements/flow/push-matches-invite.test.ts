import { describe, expect, test } from "vitest";
import { pushMatchesInvite } from "./push-matches-invite.ts";
import { answeredCall, call, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/push-matches-invite", () => {
  const byHeader = { profile: { payload: { hint: "/hint" }, correlation: { sip: "X-Hint" } } };

  test("passes when the payload has the Call-ID of the phone's INVITE", () => {
    expect(kindOf(pushMatchesInvite, answeredCall())).toBe("pass");
  });

  test("fails when it has another", () => {
    const t = ladder();
    t.callerInvites(call);
    const { request } = t.push(phone, call, { payload: { callId: "another" } });
    const { invite } = t.wokenWithInvite();
    const verdict = pushMatchesInvite.judge(t.finished());
    expect(failure(verdict)).toEqual({ mismatch: "call-id-differs", violation: invite.seq });
    expect(verdict).toMatchObject({ evidence: [request.seq, invite.seq] });
  });

  test("holds a B2BUA to the Call-ID of its own leg", () => {
    const t = ladder({ features: { kind: "b2bua" } });
    t.callerInvites(call);
    t.push(phone, call, { payload: { callId: `phone-leg-${call}-${phone}` } });
    t.wokenWithInvite();
    expect(kindOf(pushMatchesInvite, t.finished())).toBe("pass");
  });

  test("compares the hint with the named header", () => {
    const play = (value: string) => {
      const t = ladder(byHeader);
      t.callerInvites(call);
      t.push(phone, call, { payload: { hint: "h1" } });
      t.wakes(phone);
      t.inviteReaches(phone, call, { edit: (text) => text.replace("\r\nFrom", `\r\nX-Hint: ${value}\r\nFrom`) });
      return pushMatchesInvite.judge(t.finished());
    };
    expect(play("h1").kind).toBe("pass");
    expect(failure(play("h2"))).toMatchObject({ mismatch: "call-id-differs" });
  });

  test("is not exercised when no INVITE reached the phone, or the push claims nothing", () => {
    const t = ladder();
    t.pushed();
    expect(kindOf(pushMatchesInvite, t.finished())).toBe("not-exercised");
    const silent = ladder();
    silent.callerInvites(call);
    silent.push(phone, call, { payload: { callId: undefined } });
    silent.wokenWithInvite();
    expect(kindOf(pushMatchesInvite, silent.finished())).toBe("not-exercised");
  });

  test("does not apply to profiles that claim nothing but a UUID", () => {
    expect(pushMatchesInvite.applies(ladder({ profile: { payload: { callUUID: "/id" } } }).facts)).toBeTypeOf("string");
    expect(pushMatchesInvite.applies(ladder(byHeader).facts)).toBe(true);
  });
});
