import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import type { TestUpdate } from "../../../harness/judge/testing/ios-trace.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { payloadCaller } from "./payload-caller.ts";

describe("pushkit/payload-caller", () => {
  const reported = (update: TestUpdate) => {
    const t = iosLadder();
    t.pushed(phone, call);
    const { request } = t.reports(phone, call, { update });
    return { violation: request.seq, trace: t.finished() };
  };

  test("passes when handle and name are those of the payload, however the handle is spelled", () => {
    expect(kindOf(payloadCaller, answeredOnIphone())).toBe("pass");
    for (const handle of ["tel:+49 30 1001", "sip:+49301001@example.test", "+49-30-1001"])
      expect(kindOf(payloadCaller, reported({ handle }).trace)).toBe("pass");
  });

  test("fails for another handle or none", () => {
    for (const handle of ["+49301002", null]) {
      const { trace, violation } = reported({ handle });
      expect(failure(payloadCaller.judge(trace))).toEqual({ mismatch: "other-handle", violation });
    }
  });

  test("takes the report of another call's INVITE, made while the push is handed over, for what it is", () => {
    const reportedToo = (isInvited: boolean) => {
      const t = iosLadder({ calls: [{}, {}] });
      t.rings();
      if (isInvited) t.inviteSent(phone, "call:2");
      t.pushed(phone, call, { mustReport: false });
      t.reports(phone, "call:2", { uuid: "12345678-0000-4000-8000-000000000002", update: { handle: "+49301002" } });
      t.returns(phone);
      return kindOf(payloadCaller, t.finished());
    };
    expect([reportedToo(true), reportedToo(false)]).toEqual(["pass", "fail"]);
  });

  test("fails for another name or none", () => {
    for (const name of ["Unknown", null]) {
      const { trace, violation } = reported({ name });
      expect(failure(payloadCaller.judge(trace))).toEqual({ mismatch: "other-name", violation });
    }
  });

  test("asks nothing of a second report, or where the push names nobody", () => {
    const t = iosLadder();
    t.rings();
    t.pushed(phone, call);
    t.reports(phone, call, { update: { name: null, handle: null } });
    expect(kindOf(payloadCaller, t.finished())).toBe("pass");
    const nobody = iosLadder();
    nobody.pushed(phone, call, { payload: { callId: "caller-leg-1" } });
    nobody.reports(phone, call, { update: { handle: null, name: null } });
    expect(kindOf(payloadCaller, nobody.finished())).toBe("not-exercised");
    expect(kindOf(payloadCaller, quietIphone())).toBe("not-exercised");
  });

  test("does not apply to a profile without a place for the caller", () => {
    const facts = testFacts({ role: "client", profile: { payload: { callId: "/callId" } } });
    expect(payloadCaller.applies(facts)).toMatch(/no place/u);
  });
});
