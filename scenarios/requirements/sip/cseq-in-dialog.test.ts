import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { cseqInDialog } from "./cseq-in-dialog.ts";
import { answeredCall, cancelledCall, connected, replaced } from "./testing/ladders.ts";

const b2bua = { features: { kind: "b2bua" } } as const;

describe("sip/cseq-in-dialog", () => {
  test("passes when BYE is numbered above INVITE", () => {
    expect(cseqInDialog.judge(answeredCall(b2bua).finished()).kind).toBe("pass");
  });

  test("fails when BYE has the number of INVITE", () => {
    const ladder = connected(b2bua);
    ladder.callerInvites("call:1");
    const invite = ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 200);
    ladder.ackReaches("phone:1", "call:1");
    const { request } = ladder.byeReaches("phone:1", "call:1", { edit: replaced("CSeq: 2 ", "CSeq: 1 ") });
    expect(cseqInDialog.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "cseq-not-rising",
      actual: "CSeq 1 in BYE",
      evidence: [invite.seq, request.seq],
    });
  });

  test("fails for two BYEs of one number at the caller", () => {
    const ladder = answeredCall(b2bua);
    ladder.callerGetsBye("call:1");
    ladder.callerGetsBye("call:1", { edit: replaced("CSeq: 2 ", "CSeq: 1 ") });
    expect(cseqInDialog.judge(ladder.finished())).toMatchObject({ mismatch: "cseq-not-rising" });
  });

  test("counts each dialog of a fork by itself", () => {
    const ladder = answeredCall(b2bua);
    ladder.byeReaches("phone:1", "call:1", { edit: replaced(/(To: [^\r]*tag=)/u, "$1other-") });
    expect(cseqInDialog.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is not exercised without a second request of the target in a dialog", () => {
    expect(cseqInDialog.judge(cancelledCall(b2bua).finished())).toEqual({ kind: "not-exercised" });
  });

  test("applies to back-to-back user agents", () => {
    expect(cseqInDialog.applies(testFacts(b2bua))).toBe(true);
    expect(cseqInDialog.applies(testFacts())).toBe("the target declares itself a proxy");
  });
});
