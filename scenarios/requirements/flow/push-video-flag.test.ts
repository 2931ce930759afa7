import { describe, expect, test } from "vitest";
import { pushVideoFlag } from "./push-video-flag.ts";
import { call, failure, kindOf, ladder, phone, quiet } from "./testing/ladder.ts";

describe("flow/push-video-flag", () => {
  const judged = (video: boolean, hasVideo: unknown) => {
    const t = ladder({ calls: [{ video }] });
    t.callerInvites(call);
    t.push(phone, call, { payload: { hasVideo } });
    return pushVideoFlag.judge(t.finished());
  };

  test.each([
    [true, true],
    [true, "true"],
    [false, false],
    [false, "false"],
    [false, undefined],
  ])("passes when video is %s and the flag %s", (video, flag) => {
    expect(judged(video, flag).kind).toBe("pass");
  });

  test.each([
    [true, false],
    [true, undefined],
    [false, true],
  ])("fails when video is %s and the flag %s", (video, flag) => {
    expect(failure(judged(video, flag))).toMatchObject({ mismatch: "video-flag-differs" });
  });

  test("is not exercised without a push", () => {
    expect(kindOf(pushVideoFlag, quiet())).toBe("not-exercised");
  });
});
