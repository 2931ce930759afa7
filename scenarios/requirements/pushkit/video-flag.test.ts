import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { videoFlag } from "./video-flag.ts";

describe("pushkit/video-flag", () => {
  const reported = (inPush: unknown, hasVideo: boolean | null) => {
    const t = iosLadder();
    t.pushed(phone, call, { payload: { ...t.payloadOf(call), hasVideo: inPush } });
    const { request } = t.reports(phone, call, { update: { hasVideo } });
    return { violation: request.seq, trace: t.finished() };
  };

  test("passes when the report says what the push says, whatever its spelling", () => {
    expect(kindOf(videoFlag, answeredOnIphone({ calls: [{ video: true }] }))).toBe("pass");
    expect(kindOf(videoFlag, reported("false", false).trace)).toBe("pass");
    expect(kindOf(videoFlag, reported(false, null).trace)).toBe("pass");
    expect(kindOf(videoFlag, reported("true", true).trace)).toBe("pass");
  });

  test("fails when it says otherwise", () => {
    for (const [inPush, hasVideo] of [
      [true, false],
      [true, null],
      ["false", true],
    ] as const) {
      const { trace, violation } = reported(inPush, hasVideo);
      expect(failure(videoFlag.judge(trace))).toEqual({ mismatch: "video-differs", violation });
    }
  });

  test("is not exercised by a push of a call that was reported before, for its INVITE say", () => {
    const t = iosLadder();
    t.reports(phone, call, { update: { hasVideo: false } });
    t.ends(phone, call, "remoteEnded");
    t.pushed(phone, call, { payload: { ...t.payloadOf(call), hasVideo: true } });
    t.reports(phone, call, { update: { hasVideo: false } });
    expect(kindOf(videoFlag, t.finished())).toBe("not-exercised");
    const together = iosLadder();
    together.inviteSent(phone, call);
    together.pushed(phone, call, { payload: { ...together.payloadOf(call), hasVideo: true } });
    together.reports(phone, call, { update: { hasVideo: false } });
    expect(kindOf(videoFlag, together.finished())).toBe("not-exercised");
  });

  test("is not exercised by a push that does not say", () => {
    expect(kindOf(videoFlag, reported(undefined, true).trace)).toBe("not-exercised");
    expect(kindOf(videoFlag, quietIphone())).toBe("not-exercised");
  });

  test("applies where video is declared and the profile has a place for it", () => {
    expect(videoFlag.applies(testFacts({ role: "client", features: { video: false } }))).toMatch(/not declare/u);
    const profile = { payload: { callId: "/callId" } };
    expect(videoFlag.applies(testFacts({ role: "client", profile }))).toMatch(/no place/u);
    expect(videoFlag.applies(testFacts({ role: "client" }))).toBe(true);
  });
});
