import { describe, expect, test } from "vitest";
import { mandatoryHeaders } from "./mandatory-headers.ts";
import { answeredCall, cancelledCall, connected, replaced, silence, without } from "./testing/ladders.ts";

describe("sip/mandatory-headers", () => {
  test("passes for correct calls", () => {
    expect(mandatoryHeaders.judge(answeredCall().finished()).kind).toBe("pass");
    expect(mandatoryHeaders.judge(cancelledCall().finished()).kind).toBe("pass");
  });

  test.each(["Max-Forwards", "Via", "From", "To", "Call-ID", "CSeq"])("fails for a request without %s", (name) => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const vias = ["SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-one"];
    const invite = ladder.inviteReaches("phone:1", "call:1", { vias, edit: without(name) });
    expect(mandatoryHeaders.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: `missing-${name.toLowerCase()}`,
      actual: "none in INVITE",
      evidence: [invite.seq],
    });
  });

  test("fails for a response without Call-ID", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const ringing = ladder.callerGets("call:1", 180, { edit: without("Call-ID") });
    expect(mandatoryHeaders.judge(ladder.finished())).toMatchObject({
      mismatch: "missing-call-id",
      actual: "none in the 180 response",
      evidence: [ringing.seq],
    });
  });

  test("accepts compact names in any case", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 180, {
      edit: (text) => replaced("\r\nCall-ID:", "\r\ni:")(replaced("\r\nFROM:", "\r\nF:")(text)),
    });
    expect(mandatoryHeaders.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is not exercised by a target that sent nothing", () => {
    expect(mandatoryHeaders.judge(silence().finished())).toEqual({ kind: "not-exercised" });
  });
});
