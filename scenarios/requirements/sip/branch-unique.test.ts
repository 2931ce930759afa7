import { describe, expect, test } from "vitest";
import { branchUnique } from "./branch-unique.ts";
import { answeredCall, cancelledCall, connected, replaced } from "./testing/ladders.ts";

const ofTarget = /z9hG4bK-target-\d+/u;

describe("sip/branch-unique", () => {
  test("passes for a call with ACK and BYE", () => {
    expect(branchUnique.judge(answeredCall().finished()).kind).toBe("pass");
  });

  test("allows CANCEL and the ACK of a rejection the branch of their INVITE", () => {
    expect(branchUnique.judge(cancelledCall().finished()).kind).toBe("pass");
  });

  test("allows retransmissions", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const first = ladder.inviteReaches("phone:1", "call:1", { branch: "z9hG4bK-a" });
    ladder.inviteReaches("phone:1", "call:1", { branch: "z9hG4bK-a", retransmitOf: first.seq });
    ladder.inviteReaches("phone:1", "call:1", {
      branch: "z9hG4bK-a",
      edit: replaced("Max-Forwards: 69", "Max-Forwards: 68"),
    });
    expect(branchUnique.judge(ladder.finished()).kind).toBe("pass");
  });

  test("fails when BYE has the branch of the INVITE", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const invite = ladder.inviteReaches("phone:1", "call:1", { branch: "z9hG4bK-a" });
    ladder.phoneSends("phone:1", "call:1", 200);
    ladder.ackReaches("phone:1", "call:1");
    const { request } = ladder.byeReaches("phone:1", "call:1", { edit: replaced(ofTarget, "z9hG4bK-a") });
    expect(branchUnique.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "branch-reused",
      evidence: [invite.seq, request.seq],
    });
  });

  test("fails when two phones get one branch", () => {
    const ladder = connected({ phones: [{ signalling: "connected" }, { signalling: "connected" }] });
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1", { branch: "z9hG4bK-a" });
    ladder.inviteReaches("phone:2", "call:1", { branch: "z9hG4bK-a" });
    expect(branchUnique.judge(ladder.finished())).toMatchObject({ mismatch: "branch-reused" });
  });

  test("fails when the ACK of a 2xx has the branch of the INVITE", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1", { branch: "z9hG4bK-a" });
    ladder.phoneSends("phone:1", "call:1", 200);
    ladder.ackReaches("phone:1", "call:1", { edit: replaced(ofTarget, "z9hG4bK-a") });
    expect(branchUnique.judge(ladder.finished())).toMatchObject({ mismatch: "branch-reused" });
  });

  test("leaves a constant branch of forwarded ACKs alone: they are no transactions", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 200);
    ladder.ackReaches("phone:1", "call:1", { edit: replaced(ofTarget, "z9hG4bKcydzigwkX") });
    ladder.ackReaches("phone:1", "call:1", { edit: replaced(ofTarget, "z9hG4bKcydzigwkX") });
    expect(branchUnique.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is not exercised while the target only answers", () => {
    expect(branchUnique.judge(connected().finished())).toEqual({ kind: "not-exercised" });
  });
});
