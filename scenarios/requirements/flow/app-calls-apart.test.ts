import { describe, expect, test } from "vitest";
import { appCallsApart } from "./app-calls-apart.ts";
import { call, other, phone, platforms, stage, wholeCall } from "./testing/app-stage.ts";

/** Push A, push B, INVITE B, INVITE A; the user answers A. */
function crossed(platform: (typeof platforms)[number]) {
  const t = stage(platform);
  t.pushRings(call);
  t.pushRings(other);
  t.inviteSent(phone, other);
  t.inviteSent(phone, call);
  return { t, act: t.answersCall(call) };
}

describe.each(platforms)("flow/app-calls-apart on %s", (platform) => {
  test("passes where the chosen one is accepted", () => {
    const { t, act } = crossed(platform);
    const answer = t.accepts(call);
    expect(appCallsApart.judge(t.finished())).toEqual({ kind: "pass", evidence: [act.seq, answer.seq] });
    expect(appCallsApart.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("fails where the other is", () => {
    const { t, act } = crossed(platform);
    const answer = t.accepts(other);
    expect(appCallsApart.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "wrong-call-answered",
      evidence: [act.seq, answer.seq],
    });
  });

  test("is not exercised by one call, or where neither is accepted", () => {
    expect(appCallsApart.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
    expect(appCallsApart.judge(crossed(platform).t.finished())).toEqual({ kind: "not-exercised" });
  });
});
