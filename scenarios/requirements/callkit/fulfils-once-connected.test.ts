import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { fulfilsOnceConnected } from "./fulfils-once-connected.ts";

describe("callkit/fulfils-once-connected", () => {
  const killed = { phones: [{ app: "killed" as const }] };

  test("passes when the INVITE has come, over whatever registration", () => {
    expect(kindOf(fulfilsOnceConnected, answeredOnIphone())).toBe("pass");
    const t = iosLadder({ phones: [{ app: "foreground" }] });
    t.inviteSent(phone, call);
    t.reports(phone, call);
    t.answers(phone, call);
    t.fulfils(phone, call);
    expect(kindOf(fulfilsOnceConnected, t.finished())).toBe("pass");
  });

  test("fails when it is fulfilled before REGISTER is answered, though the process before it was registered", () => {
    for (const setup of [killed, {}]) {
      const t = iosLadder(setup);
      t.rings();
      t.registering(phone);
      t.answers(phone, call);
      const settled = t.fulfils(phone, call);
      expect(failure(fulfilsOnceConnected.judge(t.finished()))).toEqual({
        mismatch: "fulfilled-before-registered",
        violation: settled.seq,
      });
    }
  });

  test("fails when it is fulfilled before the INVITE comes", () => {
    const t = iosLadder(killed);
    t.rings();
    t.registers(phone);
    t.answers(phone, call);
    const settled = t.fulfils(phone, call);
    t.inviteSent(phone, call);
    expect(failure(fulfilsOnceConnected.judge(t.finished()))).toEqual({
      mismatch: "fulfilled-before-invite",
      violation: settled.seq,
    });
  });

  test("is not exercised by an answer that is failed or still open", () => {
    const t = iosLadder();
    t.rings();
    t.answers(phone, call);
    expect(kindOf(fulfilsOnceConnected, t.finished())).toBe("not-exercised");
    t.fails(phone, call);
    expect(kindOf(fulfilsOnceConnected, t.finished())).toBe("not-exercised");
  });

  test("applies to profiles that fulfil late", () => {
    expect(fulfilsOnceConnected.applies(testFacts({ role: "client" }))).toBe(true);
    const facts = testFacts({ role: "client", profile: { answerFulfil: "at-once" } });
    expect(fulfilsOnceConnected.applies(facts)).toMatch(/at once/u);
  });
});
