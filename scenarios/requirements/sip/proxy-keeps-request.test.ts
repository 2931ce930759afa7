import { describe, expect, test } from "vitest";
import { proxyKeepsRequest } from "./proxy-keeps-request.ts";
import { answeredCall, connected, replaced } from "./testing/ladders.ts";

describe("sip/proxy-keeps-request", () => {
  test("passes for a correct call", () => {
    expect(proxyKeepsRequest.judge(answeredCall().finished()).kind).toBe("pass");
  });

  test.each([
    ["from-changed", replaced("tag=caller-1", "tag=proxy")],
    ["call-id-changed", replaced("Call-ID: ", "Call-ID: x")],
    ["body-changed", replaced("s=-", "s=x")],
    ["to-changed", replaced("To: <sip:", "To: <sip:other")],
    ["cseq-changed", replaced("CSeq: 1 ", "CSeq: 2 ")],
  ])("fails with %s", (mismatch, edit) => {
    const ladder = connected();
    const received = ladder.callerInvites("call:1");
    const forwarded = ladder.inviteReaches("phone:1", "call:1", { edit });
    expect(proxyKeepsRequest.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch,
      evidence: [received.seq, forwarded.seq],
    });
  });

  test("compares with the INVITE that carried credentials where there are two", () => {
    const ladder = connected();
    const second = (text: string) => text.replace("CSeq: 1 ", "CSeq: 2 ");
    ladder.callerInvites("call:1");
    ladder.callerInvites("call:1", { edit: second });
    ladder.inviteReaches("phone:1", "call:1", { edit: second });
    expect(proxyKeepsRequest.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is not exercised while no INVITE is forwarded", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    expect(proxyKeepsRequest.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });
});
