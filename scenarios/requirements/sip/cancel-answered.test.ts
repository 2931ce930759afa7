import { describe, expect, test } from "vitest";
import { cancelAnswered } from "./cancel-answered.ts";
import { app, call, cancelledAtApp, phone } from "./testing/app-ladder.ts";

function cancelled() {
  const t = app();
  t.inviteSent(phone, call);
  t.appSends(phone, call, 180);
  return { t, cancel: t.cancelSent(phone, call, { answered: false }) };
}

describe("sip/cancel-answered", () => {
  test("passes for 200 and 487, and for an answer that crossed the CANCEL", () => {
    expect(cancelAnswered.judge(cancelledAtApp().finished()).kind).toBe("pass");
    const { t } = cancelled();
    t.appSends(phone, call, 200);
    t.cancelAnswered(phone, call);
    expect(cancelAnswered.judge(t.finished()).kind).toBe("pass");
  });

  test("fails where the CANCEL is not answered, or refused", () => {
    const silent = cancelled();
    silent.t.appSends(phone, call, 487);
    expect(cancelAnswered.judge(silent.t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "cancel-unanswered",
      evidence: [silent.cancel.seq],
    });
    const refused = cancelled();
    const answer = refused.t.cancelAnswered(phone, call, { status: 481 });
    refused.t.appSends(phone, call, 487);
    expect(cancelAnswered.judge(refused.t.finished())).toMatchObject({
      mismatch: "cancel-unanswered",
      basis: "content",
      evidence: [refused.cancel.seq, answer.seq],
    });
  });

  test("fails where the INVITE stays open", () => {
    const { t, cancel } = cancelled();
    t.cancelAnswered(phone, call);
    expect(cancelAnswered.judge(t.finished())).toMatchObject({ mismatch: "no-487", evidence: [cancel.seq] });
  });

  test("lets 481 pass for a transaction that was over", () => {
    const t = app();
    t.inviteSent(phone, call);
    t.appSends(phone, call, 486);
    t.ackSent(phone, call);
    t.cancelSent(phone, call, { answered: false });
    t.cancelAnswered(phone, call, { status: 481 });
    expect(cancelAnswered.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised without a CANCEL that arrived, and inconclusive where the case was cut short", () => {
    expect(cancelAnswered.judge(app().finished())).toEqual({ kind: "not-exercised" });
    const lost = app();
    lost.inviteSent(phone, call);
    lost.cancelSent(phone, call, { answered: false, fate: "lost" });
    expect(cancelAnswered.judge(lost.finished())).toEqual({ kind: "not-exercised" });
    expect(cancelAnswered.judge(cancelled().t.capped()).kind).toBe("inconclusive");
  });
});
