import { describe, expect, test } from "vitest";
import { responseVia } from "./response-via.ts";
import { answeredCall, cancelledCall, connected, replaced, silence, without } from "./testing/ladders.ts";

const via = /Via: (?<value>[^\r]*)/u;

describe("sip/response-via", () => {
  test("passes for correct calls", () => {
    expect(responseVia.judge(answeredCall().finished()).kind).toBe("pass");
    expect(responseVia.judge(cancelledCall().finished()).kind).toBe("pass");
  });

  test("allows received and rport, other spelling and the compact name", () => {
    const ladder = connected();
    ladder.callerInvites("call:1", { edit: replaced(via, "Via: $<value>;rport") });
    ladder.callerGets("call:1", 100, {
      edit: replaced(via, "v: SIP / 2.0 / udp caller.invalid;rport=4711;received=127.0.0.1;Branch=z9hG4bK-own-2"),
    });
    expect(responseVia.judge(ladder.finished()).kind).toBe("pass");
  });

  test.each([
    ["a second Via", replaced(via, "Via: $<value>\r\nVia: SIP/2.0/UDP bogus.invalid;branch=z9hG4bK-bogus")],
    ["a parameter lost", replaced(";extra=1", "")],
    ["another branch", replaced("z9hG4bK-own-2", "z9hG4bK-else")],
    ["no Via", without("Via")],
  ])("fails for %s", (_, edit) => {
    const ladder = connected();
    const invite = ladder.callerInvites("call:1", { edit: replaced(via, "Via: $<value>;extra=1") });
    const trying = ladder.callerGets("call:1", 100, {
      edit: (text) => edit(replaced(via, "Via: $<value>;extra=1")(text)),
    });
    expect(responseVia.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "via-differs",
      evidence: [invite.seq, trying.seq],
    });
  });

  test("is not exercised by a target that answers nothing", () => {
    expect(responseVia.judge(silence().finished())).toEqual({ kind: "not-exercised" });
  });
});
