import { describe, expect, test } from "vitest";
import { mergedRequest } from "./merged-request.ts";
import { ringing } from "../telecom/testing/android-ladder.ts";
import { app, call, phone, push, shows } from "./testing/app-ladder.ts";

function forked() {
  const t = app();
  const first = t.inviteSent(phone, call);
  shows(t);
  t.appSends(phone, call, 180);
  return { t, first, second: t.inviteSent(phone, call, { fork: true }) };
}

describe("sip/merged-request", () => {
  test("passes for 482, and for one ring for both", () => {
    const { t, first, second } = forked();
    t.appSends(phone, call, 482);
    expect(mergedRequest.judge(t.finished())).toEqual({ kind: "pass", evidence: [first.seq, second.seq] });
    const silent = forked().t;
    silent.appSends(phone, call, 180);
    expect(mergedRequest.judge(silent.finished()).kind).toBe("pass");
  });

  test("fails where the phone rings again", () => {
    const { t, first, second } = forked();
    const ring = shows(t, "00000000-0000-4000-8000-00000000000f");
    expect(mergedRequest.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "second-ring",
      evidence: [first.seq, second.seq, ring.seq],
    });
  });

  test("fails where both are answered", () => {
    const { t } = forked();
    t.appSends(phone, call, 200, { nth: 1 });
    const both = t.appSends(phone, call, 200, { nth: 2 });
    expect(mergedRequest.judge(t.finished())).toMatchObject({
      mismatch: "second-ring",
      evidence: [expect.any(Number), expect.any(Number), both.seq],
    });
  });

  test("leaves a push alone that comes when the call is over", () => {
    const { t } = forked();
    t.appSends(phone, call, 482, { nth: 2 });
    t.cancelSent(phone, call, { nth: 1 });
    shows(t, "00000000-0000-4000-8000-00000000000f");
    expect(mergedRequest.judge(t.finished()).kind).toBe("pass");
  });

  test("leaves a push alone that comes once the app has given the call up by itself", () => {
    const rung = (isEnded: boolean) => {
      const { t } = forked();
      t.appSends(phone, call, 482, { nth: 2 });
      t.asks(phone, "network.changed", { reachable: true });
      const callUUID = "00000000-0000-4000-8000-000000000001";
      if (isEnded) t.happens(phone, { kind: "call.ended", callUUID, why: "failed" }, { call });
      push(t);
      shows(t, isEnded ? callUUID : "00000000-0000-4000-8000-00000000000f");
      return mergedRequest.judge(t.finished()).kind;
    };
    expect(rung(true)).toBe("pass");
    expect(rung(false)).toBe("fail");
  });

  test("leaves a push alone that comes to a process that is new", () => {
    const t = ringing();
    t.inviteSent(phone, call, { fork: true });
    t.appSends(phone, call, 482);
    t.terminates(phone);
    t.moves(phone, call, "DISCONNECTED", { disconnectCause: "ERROR" });
    t.cancels(phone, call);
    t.launches(phone, "push");
    t.message(phone, call);
    const connectionId = "anew";
    const added = { kind: "telecom.call-added", connectionId, shownBy: "app" } as const;
    t.says(phone, "telecom.addNewIncomingCall", { connectionId }, [added], { call });
    t.posts(phone, call, { notificationId: "anew", connectionId });
    expect(mergedRequest.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised by a call of its own, or once the first was final; inconclusive where cut short", () => {
    const t = app();
    t.inviteSent(phone, call);
    t.inviteSent(phone, call);
    expect(mergedRequest.judge(t.finished())).toEqual({ kind: "not-exercised" });
    const over = app();
    over.inviteSent(phone, call);
    over.appSends(phone, call, 486);
    over.inviteSent(phone, call, { fork: true });
    expect(mergedRequest.judge(over.finished())).toEqual({ kind: "not-exercised" });
    expect(mergedRequest.judge(forked().t.capped()).kind).toBe("inconclusive");
  });
});
