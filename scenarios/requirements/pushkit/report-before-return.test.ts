import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { reportBeforeReturn } from "./report-before-return.ts";

describe("pushkit/report-before-return", () => {
  test("passes when the report comes before the delegate method returns, also where the system refuses it", () => {
    expect(kindOf(reportBeforeReturn, answeredOnIphone())).toBe("pass");
    const t = iosLadder();
    t.pushed(phone, call);
    t.reports(phone, call, { refused: "filteredByDoNotDisturb" });
    t.returns(phone);
    expect(kindOf(reportBeforeReturn, t.finished())).toBe("pass");
  });

  test("fails when no report is made", () => {
    const t = iosLadder();
    t.pushed(phone, call);
    const returned = t.returns(phone);
    expect(failure(reportBeforeReturn.judge(t.finished()))).toEqual({
      mismatch: "unreported",
      violation: returned.seq,
    });
  });

  test("fails when the delegate method never returns and the service's time is over", () => {
    const t = iosLadder();
    const { delivered } = t.pushed(phone, call);
    const body = { kind: "push.unreported", push: delivered.push, check: "service", count: 1 } as const;
    const unreported = t.happens(phone, body, { afterMs: 7000 });
    expect(failure(reportBeforeReturn.judge(t.finished()))).toEqual({
      mismatch: "unreported",
      violation: unreported.seq,
    });
  });

  test("fails when the report comes after the return", () => {
    const t = iosLadder();
    t.pushed(phone, call);
    t.returns(phone, { enforced: false });
    const { request } = t.reports(phone, call);
    expect(failure(reportBeforeReturn.judge(t.finished()))).toEqual({
      mismatch: "reported-after-return",
      violation: request.seq,
    });
  });

  test("is inconclusive when the case ends first", () => {
    const t = iosLadder();
    t.pushed(phone, call);
    expect(kindOf(reportBeforeReturn, t.capped())).toBe("inconclusive");
  });

  test("asks nothing for a push that need not be reported, of an app that crashed, and of a process that is gone", () => {
    const exempt = iosLadder();
    exempt.pushed(phone, call, { mustReport: false });
    exempt.returns(phone);
    expect(kindOf(reportBeforeReturn, exempt.finished())).toBe("not-exercised");
    const crashed = iosLadder();
    const { delivered } = crashed.pushed(phone, call);
    crashed.happens(phone, { kind: "push.unreported", push: delivered.push, check: "crash", count: 1 });
    expect(kindOf(reportBeforeReturn, crashed.finished())).toBe("not-exercised");
    const gone = iosLadder();
    gone.pushed(phone, call);
    gone.terminates(phone);
    expect(kindOf(reportBeforeReturn, gone.finished())).toBe("not-exercised");
    expect(kindOf(reportBeforeReturn, quietIphone())).toBe("not-exercised");
  });

  test("does not apply without an iOS app", () => {
    const features = { platforms: ["android"] } as const;
    expect(reportBeforeReturn.applies(testFacts({ role: "client", features }))).toMatch(/no iOS/u);
    expect(reportBeforeReturn.applies(testFacts({ role: "client" }))).toBe(true);
  });
});
