import { describe, expect, test } from "vitest";
import { appDeclines } from "./app-declines.ts";
import { call, phone, platforms, ringing, stage, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-declines on %s", (platform) => {
  test.each([403, 480, 486, 600, 603])("passes for %i", (status) => {
    const t = ringing(platform);
    const act = t.declinesCall();
    const final = t.appSends(phone, call, status);
    expect(appDeclines.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [act.seq, final.seq] });
  });

  test("passes where the INVITE that comes later is rejected", () => {
    const t = stage(platform);
    t.pushRings();
    t.declinesCall();
    t.endsCall();
    const invite = t.inviteSent(phone, call, { afterMs: 8000 });
    const final = t.appSends(phone, call, 486);
    expect(appDeclines.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [invite.seq, final.seq] });
  });

  test("fails where the INVITE stays open, or is accepted", () => {
    const t = ringing(platform);
    const act = t.declinesCall();
    expect(appDeclines.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-rejected",
      evidence: [act.seq],
    });
    expect(appDeclines.judge(t.capped()).kind).toBe("inconclusive");
    const answer = t.appSends(phone, call, 200);
    expect(appDeclines.judge(t.finished())).toMatchObject({
      mismatch: "not-rejected",
      basis: "content",
      evidence: [act.seq, answer.seq],
    });
  });

  test("fails for a status that says something else", () => {
    const t = ringing(platform);
    const act = t.declinesCall();
    const final = t.appSends(phone, call, 404);
    expect(appDeclines.judge(t.finished())).toMatchObject({
      mismatch: "wrong-status",
      actual: "404 Not Found",
      evidence: [act.seq, final.seq],
    });
  });

  test("asks nothing of an INVITE that came while no process was there to read it", () => {
    const t = stage(platform);
    t.happens(phone, { kind: "app.terminated", why: "swiped away" });
    t.inviteSent(phone, call);
    t.launches(phone, "push");
    t.pushRings();
    t.declinesCall();
    expect(appDeclines.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });

  test("asks nothing where the caller gave up as well, or nobody declined", () => {
    const t = ringing(platform);
    t.declinesCall();
    t.cancelSent(phone, call);
    expect(appDeclines.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(appDeclines.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
