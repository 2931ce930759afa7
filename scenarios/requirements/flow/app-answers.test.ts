import { describe, expect, test } from "vitest";
import { appAnswers } from "./app-answers.ts";
import { call, phone, platforms, ringing, stage, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-answers on %s", (platform) => {
  test("passes where the answer is a 2xx, whichever came first", () => {
    expect(appAnswers.judge(wholeCall(platform).finished()).kind).toBe("pass");
    const early = stage(platform);
    early.pushRings();
    early.answersCall();
    const invite = early.inviteSent(phone, call);
    const answer = early.accepts();
    expect(appAnswers.judge(early.finished())).toMatchObject({ kind: "pass", evidence: [invite.seq, answer.seq] });
  });

  test("fails where no 2xx comes", () => {
    const t = ringing(platform);
    const act = t.answersCall();
    expect(appAnswers.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-answered",
      evidence: [act.seq],
    });
    t.appSends(phone, call, 486);
    expect(appAnswers.judge(t.finished())).toMatchObject({ mismatch: "not-answered" });
    expect(appAnswers.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("asks nothing where the caller gave up, the user hung up, or the app had given up before the INVITE", () => {
    const cancelled = ringing(platform);
    cancelled.answersCall();
    cancelled.cancelSent(phone, call);
    expect(appAnswers.judge(cancelled.finished())).toEqual({ kind: "not-exercised" });
    const hungUp = ringing(platform);
    hungUp.answersCall();
    hungUp.hangsUpCall();
    expect(appAnswers.judge(hungUp.finished())).toEqual({ kind: "not-exercised" });
    const early = stage(platform);
    early.pushRings();
    early.answersCall();
    early.hangsUpCall();
    early.inviteSent(phone, call);
    expect(appAnswers.judge(early.finished())).toEqual({ kind: "not-exercised" });
    const gone = stage(platform);
    gone.pushRings();
    gone.answersCall();
    gone.endsCall(call, { failed: true });
    gone.inviteSent(phone, call);
    expect(appAnswers.judge(gone.finished())).toEqual({ kind: "not-exercised" });
    expect(appAnswers.judge(ringing(platform).finished())).toEqual({ kind: "not-exercised" });
  });

  test("asks nothing once the app has ended a ringing call with its network", () => {
    const t = ringing(platform);
    t.asking(phone, "network.changed", { reachable: true });
    t.answersCall();
    t.endsCall(call, { failed: true });
    expect(appAnswers.judge(t.finished())).toEqual({ kind: "not-exercised" });
    const same = ringing(platform);
    same.answersCall();
    same.endsCall(call, { failed: true });
    expect(appAnswers.judge(same.finished()).kind).toBe("fail");
  });

  test("asks nothing of a process that never had the INVITE, nor over a flow that is gone", () => {
    const anew = ringing(platform);
    anew.terminates(phone);
    anew.answersCall();
    anew.launches(phone);
    expect(appAnswers.judge(anew.finished())).toEqual({ kind: "not-exercised" });
    const cut = ringing(platform, { transport: "tcp" });
    cut.closesFlow(phone, "dropped by us", { by: "world" });
    cut.answersCall();
    expect(appAnswers.judge(cut.finished())).toEqual({ kind: "not-exercised" });
    const silenced = ringing(platform, { transport: "tcp" });
    silenced.happens(phone, { kind: "flow.silenced", transport: "tcp", flow: silenced.flowOf(phone) });
    silenced.answersCall();
    expect(appAnswers.judge(silenced.finished())).toEqual({ kind: "not-exercised" });
  });
});
