import { describe, expect, test } from "vitest";
import { cancelMatchesInvite } from "./cancel-matches-invite.ts";
import { answeredCall, cancelledCall, connected, replaced } from "./testing/ladders.ts";

describe("sip/cancel-matches-invite", () => {
  test("passes for a correct CANCEL", () => {
    expect(cancelMatchesInvite.judge(cancelledCall().finished()).kind).toBe("pass");
  });

  test.each([
    ["branch-differs", replaced(/z9hG4bK-target-\d+/u, "z9hG4bK-new")],
    ["cseq-differs", replaced("CSeq: 1 CANCEL", "CSeq: 2 CANCEL")],
    ["uri-differs", replaced("CANCEL sip:it@", "CANCEL sip:else@")],
    ["call-id-differs", replaced("Call-ID: ", "Call-ID: x")],
    ["from-differs", replaced("tag=caller-1", "tag=x")],
    ["to-differs", replaced("To: <sip:", "To: <sip:else")],
  ])("fails with %s", (mismatch, edit) => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const invite = ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 180);
    const cancel = ladder.cancelReaches("phone:1", "call:1", { edit, answered: false });
    expect(cancelMatchesInvite.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch,
      evidence: [invite.seq, cancel.seq],
    });
  });

  test("is not exercised without a CANCEL", () => {
    expect(cancelMatchesInvite.judge(answeredCall().finished())).toEqual({ kind: "not-exercised" });
  });
});
