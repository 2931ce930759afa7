import { describe, expect, test } from "vitest";
import { optionsAnswered } from "./options-answered.ts";
import { app, call, phone } from "./testing/app-ladder.ts";

function inCall() {
  const t = app();
  t.inviteSent(phone, call);
  t.appSends(phone, call, 200);
  t.ackSent(phone, call);
  return t;
}

function ringing() {
  const t = app();
  t.inviteSent(phone, call);
  return t;
}

describe("sip/options-answered", () => {
  test("passes for 200, and outside a dialog for what an INVITE would get", () => {
    const t = inCall();
    t.requestSent(phone, call, "OPTIONS");
    expect(optionsAnswered.judge(t.finished()).kind).toBe("pass");
    const busy = ringing();
    busy.requestSent(phone, call, "OPTIONS", { status: 486 });
    expect(optionsAnswered.judge(busy.finished()).kind).toBe("pass");
  });

  test("fails where no answer comes", () => {
    const t = inCall();
    const { request } = t.requestSent(phone, call, "OPTIONS", { status: null });
    expect(optionsAnswered.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-answered",
      evidence: [request.seq],
    });
    expect(optionsAnswered.judge(t.capped()).kind).toBe("inconclusive");
  });

  test.each([
    ["within a dialog", 486, inCall],
    ["outside one", 405, ringing],
  ] as const)("fails where it is refused %s", (_, status, start) => {
    const t = start();
    const { request, response } = t.requestSent(phone, call, "OPTIONS", { status });
    expect(optionsAnswered.judge(t.finished())).toMatchObject({
      mismatch: "refused",
      evidence: [request.seq, response?.seq],
    });
  });

  test("is not exercised without OPTIONS, nor in a dialog that was over", () => {
    const t = inCall();
    t.byeSent(phone, call);
    t.requestSent(phone, call, "OPTIONS", { status: 481 });
    expect(optionsAnswered.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });
});
