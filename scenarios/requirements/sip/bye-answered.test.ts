import { describe, expect, test } from "vitest";
import type { TraceBuilder } from "../../../harness/judge/testing/trace-builder.ts";
import { byeAnswered } from "./bye-answered.ts";
import { answeredCall, connected } from "./testing/ladders.ts";

/** A call in progress, and the caller's BYE that nobody answered. */
function unansweredBye(): { readonly ladder: TraceBuilder; readonly bye: number } {
  const whole = answeredCall();
  const bye = whole.callerHangsUp("call:1").request;
  const ladder = connected();
  ladder.callerInvites("call:1");
  ladder.callerGets("call:1", 100);
  ladder.inviteReaches("phone:1", "call:1");
  ladder.phoneSends("phone:1", "call:1", 200);
  ladder.callerGets("call:1", 200);
  ladder.callerAcks("call:1");
  ladder.ackReaches("phone:1", "call:1");
  const text = new TextDecoder().decode(bye.bytes);
  return { ladder, bye: ladder.sip("caller", "target", text, { flow: bye.flow, call: "call:1" }).seq };
}

describe("sip/bye-answered", () => {
  test("passes for BYEs of either side", () => {
    expect(byeAnswered.judge(answeredCall().finished()).kind).toBe("pass");
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 200);
    ladder.phoneHangsUp("phone:1", "call:1");
    expect(byeAnswered.judge(ladder.finished()).kind).toBe("pass");
  });

  test("fails when the target keeps silent", () => {
    const { ladder, bye } = unansweredBye();
    expect(byeAnswered.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-response",
      evidence: [bye],
    });
  });

  test("fails when the phone answered the BYE and the target kept it for itself", () => {
    const { ladder, bye } = unansweredBye();
    ladder.byeReaches("phone:1", "call:1");
    expect(byeAnswered.judge(ladder.finished())).toMatchObject({ mismatch: "no-response", evidence: [bye] });
  });

  test("asks nothing while the target waits for a phone that is gone", () => {
    const { ladder } = unansweredBye();
    ladder.sleeps("phone:1", "silent");
    expect(byeAnswered.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive when the case was cut short", () => {
    expect(byeAnswered.judge(unansweredBye().ladder.capped()).kind).toBe("inconclusive");
  });

  test("is not exercised without a BYE", () => {
    expect(byeAnswered.judge(connected().finished())).toEqual({ kind: "not-exercised" });
  });
});
