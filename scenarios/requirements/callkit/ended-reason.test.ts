import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { endedReason } from "./ended-reason.ts";

describe("callkit/ended-reason", () => {
  const cancelled = () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.cancelSent(phone, call);
    return t;
  };

  test("passes for remoteEnded after CANCEL or BYE, and for unanswered before the answer", () => {
    expect(kindOf(endedReason, answeredOnIphone())).toBe("pass");
    for (const reason of ["remoteEnded", "unanswered"] as const) {
      const t = cancelled();
      t.ends(phone, call, reason);
      expect(kindOf(endedReason, t.finished())).toBe("pass");
    }
  });

  test("fails for another reason, and for an end action of the app's", () => {
    const t = cancelled();
    const ended = t.ends(phone, call, "failed");
    expect(failure(endedReason.judge(t.finished()))).toEqual({ mismatch: "wrong-reason", violation: ended.seq });
    const acted = cancelled();
    acted.performs(phone, call, "end");
    acted.fulfils(phone, call, "end");
    expect(failure(endedReason.judge(acted.finished())).mismatch).toBe("wrong-reason");
  });

  test("fails for unanswered once the user has answered", () => {
    const t = iosLadder();
    t.talks();
    t.byeSent(phone, call);
    const ended = t.ends(phone, call, "unanswered");
    expect(failure(endedReason.judge(t.finished()))).toEqual({ mismatch: "wrong-reason", violation: ended.seq });
  });

  test("leaves alone what the user ended, what was over before, what nobody saw, and what is not ended", () => {
    const declined = iosLadder();
    declined.rings();
    declined.connects();
    declined.declines(phone, call);
    declined.cancelSent(phone, call);
    declined.fulfils(phone, call, "end");
    expect(kindOf(endedReason, declined.finished())).toBe("not-exercised");
    const before = iosLadder();
    before.rings();
    before.connects();
    before.ends(phone, call, "failed");
    before.cancelSent(phone, call);
    expect(kindOf(endedReason, before.finished())).toBe("not-exercised");
    const unseen = iosLadder();
    unseen.rings();
    unseen.connects();
    unseen.cancelSent(phone, call, { answered: false });
    unseen.ends(phone, call, "failed");
    expect(kindOf(endedReason, unseen.finished())).toBe("not-exercised");
    unseen.appSends(phone, call, 480);
    expect(kindOf(endedReason, unseen.finished())).toBe("not-exercised");
    expect(kindOf(endedReason, cancelled().finished())).toBe("not-exercised");
  });

  test("leaves calls answered or declined elsewhere to others", () => {
    for (const form of ["completed-elsewhere", "answered-elsewhere", "declined-elsewhere"] as const) {
      const t = iosLadder();
      t.rings();
      t.connects();
      t.cancelSent(phone, call, { form });
      t.ends(phone, call, "failed");
      expect(kindOf(endedReason, t.finished())).toBe("not-exercised");
    }
  });
});
