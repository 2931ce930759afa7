import { describe, expect, test } from "vitest";
import { answeredCall, cancelledCall, connected, replaced, silence } from "./testing/ladders.ts";
import { wellFormed } from "./well-formed.ts";

describe("sip/well-formed", () => {
  test("passes for correct calls", () => {
    expect(wellFormed.judge(answeredCall().finished()).kind).toBe("pass");
    expect(wellFormed.judge(cancelledCall({ transport: "tcp" }).finished()).kind).toBe("pass");
  });

  test("fails with the name of the wire finding", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const broken = ladder.callerGets("call:1", 100, { edit: replaced("\r\nFrom:", "\r\nX-Broken\r\nFrom:") });
    expect(wellFormed.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "header-without-colon",
      actual: "X-Broken",
      evidence: [broken.seq],
    });
  });

  test("fails when the target sends what is no SIP", () => {
    const ladder = connected();
    const garbage = ladder.sip("target", "phone", "\u0001\u0002 hello", { flow: ladder.flowOf("phone:1") });
    expect(wellFormed.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-sip",
      evidence: [garbage.seq],
    });
  });

  test("fails when a stream cannot be framed", () => {
    const ladder = connected({ transport: "tcp" });
    const bytes = new TextEncoder().encode("garbage");
    const flow = ladder.flowOf("phone:1");
    const body = { kind: "flow.garbage", transport: "tcp", flow, bytes, why: "no start line" } as const;
    const garbage = ladder.event("target", "phone", body);
    expect(wellFormed.judge(ladder.finished())).toMatchObject({ mismatch: "not-sip", evidence: [garbage.seq] });
  });

  test("takes keep-alives for what they are", () => {
    const ladder = connected();
    ladder.sip("target", "phone", "\r\n\r\n", { flow: ladder.flowOf("phone:1") });
    ladder.sip("target", "phone", "\0\0\0\0", { flow: ladder.flowOf("phone:1") });
    expect(wellFormed.judge(ladder.finished()).kind).toBe("pass");
  });

  test("does not blame the target for our own messages", () => {
    const ladder = connected();
    ladder.callerInvites("call:1", { edit: replaced("\r\nFrom:", "\r\nX-Broken\r\nFrom:") });
    expect(wellFormed.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is not exercised by a target that sent nothing", () => {
    expect(wellFormed.judge(silence().finished())).toEqual({ kind: "not-exercised" });
  });
});
