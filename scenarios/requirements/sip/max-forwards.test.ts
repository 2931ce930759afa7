import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { maxForwards } from "./max-forwards.ts";
import { answeredCall, connected, replaced } from "./testing/ladders.ts";

describe("sip/max-forwards", () => {
  test("passes when one is taken off", () => {
    expect(maxForwards.judge(answeredCall().finished()).kind).toBe("pass");
  });

  test("passes when several hops took theirs off", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1", { edit: replaced("Max-Forwards: 69", "Max-Forwards: 67") });
    expect(maxForwards.judge(ladder.finished()).kind).toBe("pass");
  });

  test("fails when it is forwarded as it came", () => {
    const ladder = connected();
    const received = ladder.callerInvites("call:1");
    const forwarded = ladder.inviteReaches("phone:1", "call:1", {
      edit: replaced("Max-Forwards: 69", "Max-Forwards: 70"),
    });
    expect(maxForwards.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-decremented",
      expected: "Max-Forwards below 70",
      evidence: [received.seq, forwarded.seq],
    });
  });

  test("is not exercised while no INVITE is forwarded", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    expect(maxForwards.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });

  test("applies to proxies", () => {
    expect(maxForwards.applies(testFacts())).toBe(true);
    expect(maxForwards.applies(testFacts({ features: { kind: "b2bua" } }))).not.toBe(true);
  });
});
