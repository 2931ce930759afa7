import { describe, expect, test } from "vitest";
import { connected, replaced, silence, answeredCall } from "./testing/ladders.ts";
import { toTag } from "./to-tag.ts";

describe("sip/to-tag", () => {
  test("passes for a correct call, whose 100 has no tag", () => {
    expect(toTag.judge(answeredCall().finished()).kind).toBe("pass");
  });

  test("fails for a final response without one", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const final = ladder.callerGets("call:1", 480, { edit: replaced(";tag=callee", "") });
    expect(toTag.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-to-tag",
      actual: "none in the 480 response",
      evidence: [final.seq],
    });
  });

  test("is not exercised by a lone 100", () => {
    const ladder = silence();
    ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 100);
    expect(toTag.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });
});
