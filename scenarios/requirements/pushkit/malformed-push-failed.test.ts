import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { malformedPushFailed } from "./malformed-push-failed.ts";

describe("pushkit/malformed-push-failed", () => {
  const shown = (payload: unknown = { aps: {} }) => {
    const t = iosLadder();
    t.pushed(phone, call, { payload });
    const { outcome } = t.reports(phone, call, { uuid: "99999999-0000-4000-8000-000000000001" });
    t.completes(phone);
    t.returns(phone);
    return Object.assign(t, { outcome });
  };

  test("passes when it is ended as failed, whatever is wrong with the payload", () => {
    for (const payload of [{ aps: {} }, "text", { callUUID: "", callId: {} }]) {
      const t = shown(payload);
      t.ends(phone, call, "failed");
      expect(kindOf(malformedPushFailed, t.finished())).toBe("pass");
    }
  });

  test("fails when it goes on ringing", () => {
    const t = shown();
    expect(failure(malformedPushFailed.judge(t.finished()))).toEqual({
      mismatch: "left-ringing",
      violation: t.outcome.seq,
    });
  });

  test("fails for another reason, and for an end action of the app's", () => {
    const t = shown();
    const ended = t.ends(phone, call, "remoteEnded");
    expect(failure(malformedPushFailed.judge(t.finished()))).toEqual({
      mismatch: "wrong-reason",
      violation: ended.seq,
    });
    const acted = shown();
    acted.performs(phone, call, "end");
    acted.fulfils(phone, call, "end");
    expect(failure(malformedPushFailed.judge(acted.finished())).mismatch).toBe("wrong-reason");
  });

  test("is inconclusive when cut short, and asks nothing once the user acts, or where nothing rings", () => {
    expect(kindOf(malformedPushFailed, shown().capped())).toBe("inconclusive");
    const declined = shown();
    declined.declines(phone, call);
    declined.fulfils(phone, call, "end");
    expect(kindOf(malformedPushFailed, declined.finished())).toBe("not-exercised");
    const filtered = iosLadder();
    filtered.pushed(phone, call, { payload: {} });
    filtered.reports(phone, call, { refused: "filteredByDoNotDisturb" });
    expect(kindOf(malformedPushFailed, filtered.finished())).toBe("not-exercised");
    expect(kindOf(malformedPushFailed, answeredOnIphone())).toBe("not-exercised");
  });

  test("does not apply to a profile without keys", () => {
    const facts = testFacts({ role: "client", profile: { payload: { handle: "/handle" } } });
    expect(malformedPushFailed.applies(facts)).toMatch(/no place/u);
  });
});
