import { describe, expect, test } from "vitest";
import { androidLadder } from "../testing/android-ladder.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { mediaAfterAnswer } from "./media-after-answer.ts";

describe("audio/media-after-answer", () => {
  test("passes when the user has answered, on either platform", () => {
    expect(kindOf(mediaAfterAnswer, answeredOnIphone())).toBe("pass");
    const t = androidLadder();
    t.ringsAndConnects();
    t.taps(phone, call, "answer");
    t.accepts();
    t.mediaStarts();
    expect(kindOf(mediaAfterAnswer, t.finished())).toBe("pass");
  });

  test("fails while it rings, on either platform", () => {
    const iphone = iosLadder();
    iphone.rings();
    const early = iphone.mediaStarts(phone, call);
    expect(failure(mediaAfterAnswer.judge(iphone.finished()))).toEqual({
      mismatch: "media-before-answer",
      violation: early.seq,
    });
    const android = androidLadder();
    android.ringsAndConnects();
    const ringing = android.mediaStarts();
    expect(failure(mediaAfterAnswer.judge(android.finished()))).toEqual({
      mismatch: "media-before-answer",
      violation: ringing.seq,
    });
  });

  test("is not exercised without media, nor by a call that was never shown", () => {
    expect(kindOf(mediaAfterAnswer, quietIphone())).toBe("not-exercised");
    const filtered = iosLadder();
    filtered.pushed(phone, call);
    filtered.reports(phone, call, { refused: "filteredByDoNotDisturb" });
    filtered.mediaStarts(phone, call);
    expect(kindOf(mediaAfterAnswer, filtered.finished())).toBe("not-exercised");
  });
});
