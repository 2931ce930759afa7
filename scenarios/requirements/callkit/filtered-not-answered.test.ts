import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { filteredNotAnswered } from "./filtered-not-answered.ts";

describe("callkit/filtered-not-answered", () => {
  const filtered = (why: "filteredByDoNotDisturb" | "filteredByBlockList" = "filteredByDoNotDisturb") => {
    const t = iosLadder();
    t.pushed(phone, call);
    t.reports(phone, call, { refused: why });
    t.returns(phone);
    t.connects();
    return t;
  };

  test("passes when the call is left ringing or rejected", () => {
    const ringing = filtered();
    ringing.cancelSent(phone, call);
    expect(kindOf(filteredNotAnswered, ringing.finished())).toBe("pass");
    const rejected = filtered("filteredByBlockList");
    rejected.appSends(phone, call, 486);
    expect(kindOf(filteredNotAnswered, rejected.finished())).toBe("pass");
  });

  test("fails when it is answered", () => {
    const t = filtered();
    const { answer } = t.accepts();
    expect(failure(filteredNotAnswered.judge(t.finished()))).toEqual({
      mismatch: "answered-anyway",
      violation: answer.seq,
    });
  });

  test("fails when there is media for it", () => {
    const t = filtered();
    const media = t.mediaStarts(phone, call);
    expect(failure(filteredNotAnswered.judge(t.finished()))).toEqual({
      mismatch: "media-anyway",
      violation: media.seq,
    });
  });

  test("lets the user answer what was reported again and shown", () => {
    const t = filtered();
    t.reports(phone, call);
    t.answers(phone, call);
    t.accepts();
    expect(kindOf(filteredNotAnswered, t.finished())).toBe("pass");
  });

  test("is inconclusive when cut short, and not exercised without an INVITE or a filter", () => {
    expect(kindOf(filteredNotAnswered, filtered().capped())).toBe("inconclusive");
    const t = iosLadder();
    t.pushed(phone, call);
    t.reports(phone, call, { refused: "filteredByDoNotDisturb" });
    expect(kindOf(filteredNotAnswered, t.finished())).toBe("not-exercised");
    expect(kindOf(filteredNotAnswered, answeredOnIphone())).toBe("not-exercised");
  });
});
