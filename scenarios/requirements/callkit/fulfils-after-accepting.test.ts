import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { fulfilsAfterAccepting } from "./fulfils-after-accepting.ts";

describe("callkit/fulfils-after-accepting", () => {
  const answered = () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.answers(phone, call);
    return t;
  };

  test("passes when the 2xx left first", () => {
    expect(kindOf(fulfilsAfterAccepting, answeredOnIphone())).toBe("pass");
  });

  test("fails when the action is fulfilled before the 2xx, or without one", () => {
    const t = answered();
    const settled = t.fulfils(phone, call);
    expect(failure(fulfilsAfterAccepting.judge(t.finished()))).toEqual({
      mismatch: "fulfilled-before-2xx",
      violation: settled.seq,
    });
    t.accepts();
    expect(failure(fulfilsAfterAccepting.judge(t.finished()))).toEqual({
      mismatch: "fulfilled-before-2xx",
      violation: settled.seq,
    });
  });

  test("is inconclusive when both left within the tolerance and the wrong way round", () => {
    const t = answered();
    t.fulfils(phone, call);
    t.appSends(phone, call, 200, { afterMs: 5 });
    expect(kindOf(fulfilsAfterAccepting, t.finished())).toBe("inconclusive");
  });

  test("leaves what is fulfilled before the INVITE to another requirement, and a failed answer alone", () => {
    const t = iosLadder();
    t.rings();
    t.answers(phone, call);
    t.fulfils(phone, call);
    t.connects();
    expect(kindOf(fulfilsAfterAccepting, t.finished())).toBe("not-exercised");
    const failed = answered();
    failed.fails(phone, call);
    expect(kindOf(fulfilsAfterAccepting, failed.finished())).toBe("not-exercised");
  });

  test("applies to profiles that fulfil late", () => {
    const facts = testFacts({ role: "client", profile: { answerFulfil: "at-once" } });
    expect(fulfilsAfterAccepting.applies(facts)).toMatch(/at once/u);
  });
});
