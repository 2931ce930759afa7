import { describe, expect, test } from "vitest";
import { answeredCall, connected } from "./testing/ladders.ts";
import { viaBranchCookie } from "./via-branch-cookie.ts";

describe("sip/via-branch-cookie", () => {
  test("passes for a correct call", () => {
    expect(viaBranchCookie.judge(answeredCall().finished()).kind).toBe("pass");
  });

  test("fails for a branch without the cookie", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const invite = ladder.inviteReaches("phone:1", "call:1", { branch: "abc" });
    expect(viaBranchCookie.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-magic-cookie",
      actual: "branch abc in INVITE",
      evidence: [invite.seq],
    });
  });

  test("fails for a Via without a branch", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1", { vias: ["SIP/2.0/UDP 127.0.0.1:5060"] });
    expect(viaBranchCookie.judge(ladder.finished())).toMatchObject({ mismatch: "no-magic-cookie" });
  });

  test("is not exercised while the target only answers", () => {
    expect(viaBranchCookie.judge(connected().finished())).toEqual({ kind: "not-exercised" });
  });
});
