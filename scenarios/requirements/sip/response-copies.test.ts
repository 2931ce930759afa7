import { describe, expect, test } from "vitest";
import { responseCopies } from "./response-copies.ts";
import { answeredCall, cancelledCall, connected, replaced, silence } from "./testing/ladders.ts";

describe("sip/response-copies", () => {
  test("passes for correct calls", () => {
    expect(responseCopies.judge(answeredCall().finished()).kind).toBe("pass");
    expect(responseCopies.judge(cancelledCall().finished()).kind).toBe("pass");
  });

  test("allows a From that only is written in another way", () => {
    const ladder = connected();
    ladder.callerInvites("call:1", { edit: replaced(/From: "[^"]*" /u, 'From: "Anna" ') });
    ladder.callerGets("call:1", 180, { edit: replaced(/From: "[^"]*" </u, "f: Anna <") });
    expect(responseCopies.judge(ladder.finished()).kind).toBe("pass");
  });

  test.each([
    ["cseq-differs", replaced("CSeq: 1 INVITE", "CSeq: 2 INVITE")],
    ["cseq-differs", replaced("CSeq: 1 INVITE", "CSeq: 1 BYE")],
    ["from-differs", replaced("tag=caller-1", "tag=other")],
    ["call-id-differs", replaced("Call-ID: ", "Call-ID: x")],
    ["to-differs", replaced("To: <sip:", "To: <sip:other")],
  ])("fails with %s", (mismatch, edit) => {
    const ladder = connected();
    const invite = ladder.callerInvites("call:1");
    const ringing = ladder.callerGets("call:1", 180, { edit });
    expect(responseCopies.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch,
      evidence: [invite.seq, ringing.seq],
    });
  });

  test("fails when the To tag of the request is replaced", () => {
    const ladder = answeredCall();
    const sent = ladder.callerHangsUp("call:1").request;
    const bye = new TextDecoder().decode(sent.bytes).replace(/z9hG4bK-own-\d+/u, "z9hG4bK-own-99");
    ladder.sip("caller", "target", bye, { flow: sent.flow, call: "call:1" });
    const ok = bye.replace(/^BYE[^\r]*/u, "SIP/2.0 200 OK").replace("tag=callee", "tag=other");
    ladder.sip("target", "caller", ok, { flow: sent.flow, call: "call:1" });
    expect(responseCopies.judge(ladder.finished())).toMatchObject({ mismatch: "to-differs" });
  });

  test("is not exercised by a target that answers nothing", () => {
    expect(responseCopies.judge(silence().finished())).toEqual({ kind: "not-exercised" });
  });
});
