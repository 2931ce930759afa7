import { describe, expect, test } from "vitest";
import { recordRoute } from "./record-route.ts";
import { answeredCall, connected, replaced, without } from "./testing/ladders.ts";

describe("sip/record-route", () => {
  test("passes for a correct call", () => {
    expect(recordRoute.judge(answeredCall().finished()).kind).toBe("pass");
  });

  test("fails for a Record-Route URI without lr", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    const invite = ladder.inviteReaches("phone:1", "call:1", { edit: replaced(";lr>", ">") });
    expect(recordRoute.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "record-route-without-lr",
      actual: "sip:127.0.0.1:5060",
      evidence: [invite.seq],
    });
  });

  test("fails when the proxy leaves its own Route in a request within the dialog", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1");
    ladder.phoneSends("phone:1", "call:1", 200);
    const ack = ladder.ackReaches("phone:1", "call:1", {
      edit: replaced("\r\nFrom:", "\r\nRoute: <sip:127.0.0.1:5060;lr>\r\nFrom:"),
    });
    expect(recordRoute.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "route-not-consumed",
      evidence: [ack.seq],
    });
  });

  test("is not exercised by a proxy that does not record-route", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1", { edit: without("Record-Route") });
    expect(recordRoute.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });
});
