import { describe, expect, test } from "vitest";
import type { CancelForm } from "../../../harness/plan/plan.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { answeredElsewhere } from "./answered-elsewhere.ts";

describe("callkit/answered-elsewhere", () => {
  const cancelled = (form: CancelForm) => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.cancelSent(phone, call, { form });
    return t;
  };

  test("passes for answeredElsewhere", () => {
    for (const form of ["completed-elsewhere", "answered-elsewhere"] as const) {
      const t = cancelled(form);
      t.ends(phone, call, "answeredElsewhere");
      expect(kindOf(answeredElsewhere, t.finished())).toBe("pass");
    }
  });

  test("fails for any other reason", () => {
    const t = cancelled("answered-elsewhere");
    const ended = t.ends(phone, call, "remoteEnded");
    expect(failure(answeredElsewhere.judge(t.finished()))).toEqual({
      mismatch: "wrong-reason",
      violation: ended.seq,
    });
  });

  test("leaves a call alone that the user answers in the same moment", () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.answers(phone, call);
    t.cancelSent(phone, call, { form: "answered-elsewhere" });
    t.ends(phone, call, "remoteEnded");
    expect(kindOf(answeredElsewhere, t.finished())).toBe("not-exercised");
  });

  test("is not exercised by other ends", () => {
    const t = cancelled("plain");
    t.ends(phone, call, "remoteEnded");
    expect(kindOf(answeredElsewhere, t.finished())).toBe("not-exercised");
    expect(kindOf(answeredElsewhere, answeredOnIphone())).toBe("not-exercised");
  });
});
