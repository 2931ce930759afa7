import { describe, expect, test } from "vitest";
import { appHangsUp } from "./app-hangs-up.ts";
import { call, inCall, phone, platforms, ringing, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-hangs-up on %s", (platform) => {
  test("passes where a BYE follows", () => {
    const t = inCall(platform);
    const act = t.hangsUpCall();
    const { request } = t.appHangsUp(phone, call);
    expect(appHangsUp.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [act.seq, request.seq] });
  });

  test("fails where none does", () => {
    const t = inCall(platform);
    const act = t.hangsUpCall();
    expect(appHangsUp.judge(t.finished())).toMatchObject({ kind: "fail", mismatch: "no-bye", evidence: [act.seq] });
    expect(appHangsUp.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("asks nothing where the caller hung up too, the call was not accepted, or no ACK came", () => {
    const both = inCall(platform);
    both.hangsUpCall();
    both.byeSent(phone, call);
    expect(appHangsUp.judge(both.finished())).toEqual({ kind: "not-exercised" });
    const early = ringing(platform);
    early.answersCall();
    early.hangsUpCall();
    expect(appHangsUp.judge(early.finished())).toEqual({ kind: "not-exercised" });
    const waiting = ringing(platform);
    waiting.answersCall();
    waiting.appSends(phone, call, 200);
    waiting.hangsUpCall();
    expect(appHangsUp.judge(waiting.finished())).toEqual({ kind: "not-exercised" });
    expect(appHangsUp.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
