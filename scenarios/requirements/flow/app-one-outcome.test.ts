import { describe, expect, test } from "vitest";
import { appOneOutcome } from "./app-one-outcome.ts";
import { call, cancelledCall, phone, platforms, ringing, stage, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-one-outcome on %s", (platform) => {
  test("passes where all agree", () => {
    expect(appOneOutcome.judge(wholeCall(platform).finished()).kind).toBe("pass");
    expect(appOneOutcome.judge(cancelledCall(platform).finished()).kind).toBe("pass");
    const declined = ringing(platform);
    declined.declinesCall();
    declined.appSends(phone, call, 486);
    expect(appOneOutcome.judge(declined.finished()).kind).toBe("pass");
  });

  test("fails where a declined call is accepted", () => {
    const t = stage(platform);
    t.pushRings();
    const act = t.declinesCall();
    t.inviteSent(phone, call);
    const answer = t.accepts();
    expect(appOneOutcome.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "outcomes-differ",
      evidence: [act.seq, answer.seq],
    });
  });

  test("fails where a call that ended on the phone is accepted", () => {
    const t = ringing(platform);
    t.answersCall();
    t.endsCall(call, { failed: true });
    const answer = t.appSends(phone, call, 200, { afterMs: 200 });
    const verdict = appOneOutcome.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "outcomes-differ" });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(answer.seq);
  });

  test.each([
    ["passes where what was accepted and ended in the same instant is hung up", true, "pass"],
    ["is inconclusive about the same instant where nobody hangs up", false, "inconclusive"],
  ])("%s", (_, isHungUp, kind) => {
    const t = ringing(platform);
    t.answersCall();
    t.endsCall(call, { failed: true });
    t.appSends(phone, call, 200, { afterMs: 1 });
    t.ackSent(phone, call);
    if (isHungUp) t.appHangsUp(phone, call);
    expect(appOneOutcome.judge(t.finished()).kind).toBe(kind);
  });

  test("fails where a call the phone shows as connected is rejected", () => {
    const t = ringing(platform);
    t.answersCall();
    t.connectsCall();
    const final = t.appSends(phone, call, 486);
    const verdict = appOneOutcome.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "outcomes-differ" });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(final.seq);
  });

  test("passes where an INVITE is rejected that came when the call was over", () => {
    const t = stage(platform);
    t.pushRings();
    t.answersCall();
    t.connectsCall();
    t.endsCall(call, { failed: true });
    t.inviteSent(phone, call);
    t.appSends(phone, call, 480);
    expect(appOneOutcome.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised by a call without an end", () => {
    expect(appOneOutcome.judge(ringing(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
