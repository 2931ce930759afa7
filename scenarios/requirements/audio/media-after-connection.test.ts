import { describe, expect, test } from "vitest";
import { androidLadder } from "../testing/android-ladder.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { mediaAfterConnection } from "./media-after-connection.ts";

describe("audio/media-after-connection", () => {
  const answeredOnAndroid = (telecom: "self-managed" | "none" = "self-managed") => {
    const t = androidLadder({ app: { telecom } });
    t.ringsAndConnects();
    t.taps(phone, call, "answer");
    return t;
  };
  const answeredIphone = () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.answers(phone, call);
    return t;
  };

  test("passes after the 2xx, and on Android once the call is active", () => {
    expect(kindOf(mediaAfterConnection, answeredOnIphone())).toBe("pass");
    for (const telecom of ["self-managed", "none"] as const) {
      const t = answeredOnAndroid(telecom);
      t.accepts();
      t.mediaStarts();
      expect(kindOf(mediaAfterConnection, t.finished())).toBe("pass");
    }
  });

  test("fails before the 2xx, and where there is none", () => {
    const t = answeredIphone();
    const early = t.mediaStarts(phone, call);
    expect(failure(mediaAfterConnection.judge(t.finished()))).toEqual({
      mismatch: "media-before-connection",
      violation: early.seq,
    });
    t.accepts();
    expect(failure(mediaAfterConnection.judge(t.finished())).mismatch).toBe("media-before-connection");
  });

  test("fails on Android before the call is active", () => {
    const t = answeredOnAndroid();
    t.appSends(phone, call, 200);
    const early = t.mediaStarts();
    expect(failure(mediaAfterConnection.judge(t.finished()))).toEqual({
      mismatch: "media-before-connection",
      violation: early.seq,
    });
  });

  test("is inconclusive when the 2xx left within the tolerance", () => {
    const t = answeredIphone();
    t.mediaStarts(phone, call);
    t.appSends(phone, call, 200, { afterMs: 5 });
    expect(kindOf(mediaAfterConnection, t.finished())).toBe("inconclusive");
  });

  test("leaves media before the answer to another requirement", () => {
    const t = iosLadder();
    t.rings();
    t.mediaStarts(phone, call);
    expect(kindOf(mediaAfterConnection, t.finished())).toBe("not-exercised");
    expect(kindOf(mediaAfterConnection, quietIphone())).toBe("not-exercised");
  });
});
