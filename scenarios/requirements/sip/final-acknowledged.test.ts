import { describe, expect, test } from "vitest";
import { finalAcknowledged } from "./final-acknowledged.ts";
import { answeredCall, cancelledCall, connected, replaced } from "./testing/ladders.ts";

const patient = { deadlines: { absenceMs: 2500 } };

describe("sip/final-acknowledged", () => {
  test("passes when a rejection and a 487 get their ACK", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    const final = ladder.phoneSends("phone:1", "call:1", 486);
    const ack = ladder.ackReaches("phone:1", "call:1", { afterMs: 40 });
    expect(finalAcknowledged.judge(ladder.finished())).toMatchObject({
      kind: "pass",
      evidence: [final.seq, ack.seq],
      margins: [{ limitMs: 1000, actualMs: 40 }],
    });
    expect(finalAcknowledged.judge(cancelledCall().finished()).kind).toBe("pass");
  });

  test("fails without an ACK", () => {
    const ladder = connected(patient);
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    const final = ladder.phoneSends("phone:1", "call:1", 486);
    expect(finalAcknowledged.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-ack",
      basis: "deadline",
      evidence: [final.seq],
    });
  });

  test("takes no ACK on another branch for it", () => {
    const ladder = connected(patient);
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 486);
    ladder.ackReaches("phone:1", "call:1", { edit: replaced(/z9hG4bK-target-\d+/u, "z9hG4bK-else") });
    expect(finalAcknowledged.judge(ladder.finished())).toMatchObject({ mismatch: "no-ack" });
  });

  test("counts from the transmission that we did not lose", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    const lost = ladder.phoneSends("phone:1", "call:1", 486, { fate: "lost" });
    ladder.phoneSends("phone:1", "call:1", 486, { afterMs: 2500, retransmitOf: lost.seq });
    ladder.ackReaches("phone:1", "call:1");
    expect(finalAcknowledged.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is inconclusive when the case was cut short", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 486);
    expect(finalAcknowledged.judge(ladder.capped()).kind).toBe("inconclusive");
  });

  test("is not exercised by an answered call, a lost rejection or a phone that went away", () => {
    expect(finalAcknowledged.judge(answeredCall().finished())).toEqual({ kind: "not-exercised" });
    const lost = connected(patient);
    lost.callerInvites("call:1");
    lost.inviteReaches("phone:1", "call:1");
    lost.phoneSends("phone:1", "call:1", 486, { fate: "lost" });
    expect(finalAcknowledged.judge(lost.finished())).toEqual({ kind: "not-exercised" });
    const gone = connected(patient);
    gone.callerInvites("call:1");
    gone.inviteReaches("phone:1", "call:1");
    gone.phoneSends("phone:1", "call:1", 486);
    gone.sleeps("phone:1");
    expect(finalAcknowledged.judge(gone.finished())).toEqual({ kind: "not-exercised" });
  });
});
