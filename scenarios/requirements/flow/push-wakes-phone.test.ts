import { describe, expect, test } from "vitest";
import { pushWakesPhone } from "./push-wakes-phone.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone, quiet } from "./testing/ladder.ts";

describe("flow/push-wakes-phone", () => {
  test("passes when the push follows the INVITE in time, with its margin", () => {
    const verdict = pushWakesPhone.judge(answeredCall());
    expect(verdict).toMatchObject({ kind: "pass", margins: [{ limitMs: 5000, actualMs: 20 }] });
  });

  test("fails when no push comes and the target gives up by itself", () => {
    const t = ladder();
    const invite = t.callerInvites(call);
    t.callerGets(call, 480);
    expect(failure(pushWakesPhone.judge(t.finished()))).toEqual({ mismatch: "no-push", violation: invite.seq });
  });

  test("fails when the push comes late", () => {
    const t = ladder();
    t.callerInvites(call);
    t.wait(6000);
    const { request } = t.push(phone, call);
    expect(failure(pushWakesPhone.judge(t.finished()))).toEqual({ mismatch: "push-late", violation: request.seq });
  });

  test("fails when only a replaced token is pushed", () => {
    const t = ladder({ phones: [{ signalling: "connected" }] });
    const old = "aa11".repeat(16);
    t.registers(phone, { token: "bb22".repeat(16), edit: (text) => text.replace(">", ";x=1>") });
    t.registers(phone, { expires: 0, edit: (text) => text.replace(/;pn-prid=[^>;]*/u, "") });
    t.registers(phone, { token: "bb22".repeat(16) });
    t.sleeps(phone);
    t.callerInvites(call, { afterMs: 100 });
    t.push(phone, call, { token: old });
    t.callerGets(call, 480);
    expect(failure(pushWakesPhone.judge(t.finished()))).toMatchObject({ mismatch: "no-push" });
  });

  test("asks for nothing once the caller hung up, or for a phone that is connected or came back by itself", () => {
    const hungUp = ladder();
    hungUp.callerInvites(call);
    hungUp.callerGets(call, 100);
    hungUp.callerCancels(call);
    expect(kindOf(pushWakesPhone, hungUp.finished())).toBe("not-exercised");
    const connected = ladder({ phones: [{ signalling: "connected" }] });
    connected.callerInvites(call);
    expect(kindOf(pushWakesPhone, connected.finished())).toBe("not-exercised");
    const back = ladder();
    back.callerInvites(call);
    back.wokenWithInvite();
    expect(kindOf(pushWakesPhone, back.finished())).toBe("not-exercised");
  });

  test("asks for no push of a token that was answered 410", () => {
    const t = ladder({ calls: [{}, {}] });
    t.callerInvites(call);
    t.push(phone, call, { status: 410, reason: "Unregistered" });
    t.callerGets(call, 480);
    t.callerInvites("call:2");
    t.callerGets("call:2", 480);
    expect(pushWakesPhone.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [4, 5] });
  });

  test.each([
    { status: 404, reason: "UNREGISTERED" },
    { status: 403, reason: "SENDER_ID_MISMATCH" },
    { status: 400, reason: "INVALID_ARGUMENT" },
  ])("asks for no push with a token that FCM answered with $reason", (refusal) => {
    const t = ladder({ phones: [{ platform: "android" }], calls: [{}, {}] });
    t.callerInvites(call);
    t.push(phone, call, refusal);
    t.callerGets(call, 480);
    t.callerInvites("call:2");
    t.callerGets("call:2", 480);
    expect(pushWakesPhone.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [4, 5] });
  });

  test("still asks for one after FCM only had no time", () => {
    const t = ladder({ phones: [{ platform: "android" }], calls: [{}, {}] });
    t.callerInvites(call);
    t.push(phone, call, { status: 503, reason: "UNAVAILABLE" });
    t.callerGets(call, 480);
    t.callerInvites("call:2");
    t.callerGets("call:2", 480);
    expect(failure(pushWakesPhone.judge(t.finished())).mismatch).toBe("no-push");
  });

  test("is not exercised for a stream that is merely silent", () => {
    const t = ladder({ transport: "tcp", phones: [{ signalling: "silent" }] });
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    expect(kindOf(pushWakesPhone, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case ended before the push was due", () => {
    const t = ladder();
    t.callerInvites(call);
    expect(kindOf(pushWakesPhone, cutShort(t))).toBe("inconclusive");
  });

  test("counts from the INVITE that arrived when the first was lost", () => {
    const t = ladder();
    const lost = t.callerInvites(call, { fate: "lost" });
    const again = t.callerInvites(call, { edit: () => new TextDecoder().decode(lost.bytes), retransmitOf: lost.seq });
    const { request } = t.push(phone, call);
    expect(pushWakesPhone.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [again.seq, request.seq] });
  });

  test("is not exercised without a call", () => {
    expect(kindOf(pushWakesPhone, quiet())).toBe("not-exercised");
  });
});
