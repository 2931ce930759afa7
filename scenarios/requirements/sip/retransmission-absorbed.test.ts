import { describe, expect, test } from "vitest";
import { traceBuilder, type TraceBuilder } from "../../../harness/judge/testing/trace-builder.ts";
import { retransmissionAbsorbed } from "./retransmission-absorbed.ts";
import { answeredCall, connected } from "./testing/ladders.ts";

/** The caller's INVITE, written twice. */
function twice(ladder: TraceBuilder): readonly [first: number, again: number] {
  const first = ladder.callerInvites("call:1");
  const text = new TextDecoder().decode(first.bytes);
  const again = ladder.sip("caller", "target", text, {
    flow: first.flow,
    call: "call:1",
    fate: "duplicate",
    retransmitOf: first.seq,
  });
  return [first.seq, again.seq];
}

describe("sip/retransmission-absorbed", () => {
  test("passes when one INVITE reaches the phone", () => {
    const ladder = connected();
    const evidence = twice(ladder);
    const invite = ladder.inviteReaches("phone:1", "call:1", { branch: "z9hG4bK-a" });
    ladder.inviteReaches("phone:1", "call:1", { branch: "z9hG4bK-a", retransmitOf: invite.seq });
    expect(retransmissionAbsorbed.judge(ladder.finished())).toEqual({ kind: "pass", evidence });
  });

  test("passes when the woken phone gets a branch of its own over its new flow", () => {
    const ladder = traceBuilder({ phones: [{ signalling: "silent" }], features: { delivery: "parallel" } });
    twice(ladder);
    ladder.push("phone:1", "call:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.wakes("phone:1");
    ladder.inviteReaches("phone:1", "call:1");
    expect(retransmissionAbsorbed.judge(ladder.finished()).kind).toBe("pass");
  });

  test("fails for a second INVITE transaction over the phone's flow", () => {
    const ladder = connected();
    const [first, again] = twice(ladder);
    const one = ladder.inviteReaches("phone:1", "call:1");
    const two = ladder.inviteReaches("phone:1", "call:1");
    expect(retransmissionAbsorbed.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "retransmission-forwarded",
      evidence: [first, again, one.seq, two.seq],
    });
  });

  test("fails for a second push", () => {
    const ladder = traceBuilder();
    const [first, again] = twice(ladder);
    const one = ladder.push("phone:1", "call:1");
    const two = ladder.push("phone:1", "call:1");
    expect(retransmissionAbsorbed.judge(ladder.finished())).toMatchObject({
      mismatch: "retransmission-forwarded",
      evidence: [first, again, one.request.seq, two.request.seq],
    });
  });

  test("allows the retry of a refused push", () => {
    const ladder = traceBuilder();
    twice(ladder);
    ladder.push("phone:1", "call:1", { status: 503, reason: "ServiceUnavailable" });
    ladder.push("phone:1", "call:1");
    expect(retransmissionAbsorbed.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is inconclusive when the case was cut short", () => {
    const ladder = connected();
    twice(ladder);
    expect(retransmissionAbsorbed.judge(ladder.capped()).kind).toBe("inconclusive");
  });

  test("is not exercised when the INVITE reached the target once", () => {
    expect(retransmissionAbsorbed.judge(answeredCall().finished())).toEqual({ kind: "not-exercised" });
  });
});
