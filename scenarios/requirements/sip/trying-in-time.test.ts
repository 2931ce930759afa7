import { describe, expect, test } from "vitest";
import { connected } from "./testing/ladders.ts";
import { tryingInTime } from "./trying-in-time.ts";

describe("sip/trying-in-time", () => {
  test("passes with the margin that was left", () => {
    const ladder = connected();
    const invite = ladder.callerInvites("call:1");
    const trying = ladder.callerGets("call:1", 100, { afterMs: 120 });
    expect(tryingInTime.judge(ladder.finished())).toEqual({
      kind: "pass",
      evidence: [invite.seq, trying.seq],
      margins: [{ what: "a response to INVITE", limitMs: 500, actualMs: 120 }],
    });
  });

  test("counts any response, also one that we lost", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 486, { fate: "lost" });
    expect(tryingInTime.judge(ladder.finished()).kind).toBe("pass");
  });

  test("fails when nothing comes", () => {
    const ladder = connected();
    const invite = ladder.callerInvites("call:1");
    expect(tryingInTime.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-provisional",
      basis: "deadline",
      evidence: [invite.seq],
    });
  });

  test("fails when it comes late", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 100, { afterMs: 900 });
    expect(tryingInTime.judge(ladder.finished())).toMatchObject({
      mismatch: "no-provisional",
      actual: "a response to INVITE after 900 ms",
    });
  });

  test("counts from the INVITE that we did not lose", () => {
    const ladder = connected();
    const lost = ladder.callerInvites("call:1", { fate: "lost" });
    ladder.callerInvites("call:1", { afterMs: 500, retransmitOf: lost.seq, edit: sameBranch });
    ladder.callerGets("call:1", 100, { edit: sameBranch });
    expect(tryingInTime.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is inconclusive on a busy host and in a case cut short", () => {
    const busy = connected();
    busy.callerInvites("call:1");
    busy.callerGets("call:1", 100, { afterMs: 600, lagMs: 300 });
    expect(tryingInTime.judge(busy.finished()).kind).toBe("inconclusive");
    const cut = connected();
    cut.callerInvites("call:1");
    expect(tryingInTime.judge(cut.capped()).kind).toBe("inconclusive");
    expect(tryingInTime.judge(cut.targetDied()).kind).toBe("inconclusive");
  });

  test("is not exercised without an INVITE that reached the target", () => {
    expect(tryingInTime.judge(connected().finished())).toEqual({ kind: "not-exercised" });
    const ladder = connected();
    ladder.callerInvites("call:1", { fate: "lost" });
    expect(tryingInTime.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });
});

function sameBranch(text: string): string {
  return text.replace(/z9hG4bK-own-\d+/u, "z9hG4bK-own-2");
}
