import { describe, expect, test } from "vitest";
import { reinviteAnswered } from "./reinvite-answered.ts";
import { answeredByApp, app, call, phone } from "./testing/app-ladder.ts";

function inCall() {
  const t = app();
  t.inviteSent(phone, call);
  t.appSends(phone, call, 200);
  t.ackSent(phone, call);
  return t;
}

describe("sip/reinvite-answered", () => {
  test.each([200, 488])("passes for %i", (status) => {
    const t = inCall();
    const { request, response } = t.requestSent(phone, call, "INVITE", { status });
    expect(reinviteAnswered.judge(t.finished())).toMatchObject({
      kind: "pass",
      evidence: [request.seq, response?.seq],
    });
  });

  test("fails where no answer comes", () => {
    const t = inCall();
    const { request } = t.requestSent(phone, call, "INVITE", { status: null });
    expect(reinviteAnswered.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-answered",
      evidence: [request.seq],
    });
    expect(reinviteAnswered.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("fails also where the call was hung up meanwhile", () => {
    const t = inCall();
    t.requestSent(phone, call, "INVITE", { status: null });
    t.byeSent(phone, call);
    expect(reinviteAnswered.judge(t.finished())).toMatchObject({ mismatch: "not-answered" });
  });

  test("is not exercised without a re-INVITE, nor by a process that never had the dialog", () => {
    const t = inCall();
    t.terminates(phone);
    t.launches(phone);
    t.requestSent(phone, call, "INVITE", { status: null, flow: "another" });
    expect(reinviteAnswered.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(reinviteAnswered.judge(answeredByApp().finished())).toEqual({ kind: "not-exercised" });
  });
});
