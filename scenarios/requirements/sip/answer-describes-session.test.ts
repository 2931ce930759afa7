import { describe, expect, test } from "vitest";
import { testSdp } from "../../../harness/judge/testing/sip-text.ts";
import { answerDescribesSession } from "./answer-describes-session.ts";
import { answeredByApp, app, call, phone } from "./testing/app-ladder.ts";

function answers(body: string, offer: string = testSdp.audio) {
  const t = app();
  const invite = t.inviteSent(phone, call, { body: offer });
  const answer = t.appSends(phone, call, 200, { body });
  return { verdict: answerDescribesSession.judge(t.finished()), evidence: [invite.seq, answer.seq] };
}

describe("sip/answer-describes-session", () => {
  test("passes for an answer to the offer, and for an offer where there was none", () => {
    expect(answers(testSdp.audio)).toMatchObject({ verdict: { kind: "pass" } });
    expect(answers(testSdp.audio, "")).toMatchObject({ verdict: { kind: "pass" } });
    const refused = testSdp.video.replace(/m=video \d+/u, "m=video 0");
    expect(answers(refused, testSdp.video)).toMatchObject({ verdict: { kind: "pass" } });
  });

  test("fails where the 2xx says nothing", () => {
    const { verdict, evidence } = answers("");
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "no-sdp", evidence });
    expect(answers("", "").verdict).toMatchObject({ mismatch: "no-sdp" });
  });

  test("lets a reliable provisional response carry it", () => {
    const t = app();
    t.inviteSent(phone, call);
    t.appSends(phone, call, 183, { body: testSdp.audio, headers: ["Require: 100rel", "RSeq: 1"] });
    t.appSends(phone, call, 200, { body: "" });
    expect(answerDescribesSession.judge(t.finished()).kind).toBe("pass");
  });

  test.each([
    ["another number of streams", testSdp.video, testSdp.audio],
    ["another kind of stream", testSdp.audio.replace("m=audio", "m=video"), testSdp.audio],
    ["another transport", testSdp.audio.replace("RTP/AVP", "RTP/SAVP"), testSdp.audio],
    ["every stream refused", testSdp.audio.replace(/m=audio \d+/u, "m=audio 0"), testSdp.audio],
    ["no session description", "hello", testSdp.audio],
    ["an offer without a stream", "v=0\r\n", ""],
  ])("fails for %s", (_, body, offer) => {
    const { verdict, evidence } = answers(body, offer);
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "unfit-sdp", evidence });
  });

  test("is not exercised without a 2xx", () => {
    const t = app();
    t.inviteSent(phone, call);
    t.appSends(phone, call, 486);
    expect(answerDescribesSession.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(answerDescribesSession.judge(answeredByApp().finished()).kind).toBe("pass");
  });
});
