import { describe, expect, test } from "vitest";
import { ringingSent } from "./ringing-sent.ts";
import { answeredByApp, app, call, phone, shows } from "./testing/app-ladder.ts";

function rings() {
  const t = app();
  const invite = t.inviteSent(phone, call);
  return { t, invite, ring: shows(t) };
}

describe("sip/ringing-sent", () => {
  test("passes for a 180 or 183, also before the phone rings", () => {
    expect(ringingSent.judge(answeredByApp().finished()).kind).toBe("pass");
    const early = app();
    early.inviteSent(phone, call);
    early.appSends(phone, call, 183);
    shows(early);
    expect(ringingSent.judge(early.finished()).kind).toBe("pass");
  });

  test("fails where only 100 comes, or the 180 comes late", () => {
    const { t, ring } = rings();
    t.appSends(phone, call, 100);
    expect(ringingSent.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-ringing",
      evidence: [ring.seq],
    });
    const late = rings();
    const response = late.t.appSends(phone, call, 180, { afterMs: 3000 });
    expect(ringingSent.judge(late.t.finished())).toMatchObject({
      mismatch: "no-ringing",
      evidence: [late.ring.seq, response.seq],
    });
  });

  test("counts from the INVITE where the phone rang before", () => {
    const t = app();
    shows(t);
    const invite = t.inviteSent(phone, call, { afterMs: 4000 });
    const response = t.appSends(phone, call, 180);
    expect(ringingSent.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [invite.seq, response.seq] });
  });

  test("asks nothing where the call was answered or cancelled at once, or never rang", () => {
    const answered = rings().t;
    answered.appSends(phone, call, 200);
    expect(ringingSent.judge(answered.finished())).toEqual({ kind: "not-exercised" });
    const cancelled = rings().t;
    cancelled.cancelSent(phone, call);
    expect(ringingSent.judge(cancelled.finished())).toEqual({ kind: "not-exercised" });
    const silent = app();
    silent.inviteSent(phone, call);
    expect(ringingSent.judge(silent.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive where the case was cut short", () => {
    expect(ringingSent.judge(rings().t.capped()).kind).toBe("inconclusive");
  });
});
