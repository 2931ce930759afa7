import { describe, expect, test } from "vitest";
import { androidLadder } from "../testing/android-ladder.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { mediaStarts } from "./media-starts.ts";

describe("audio/media-starts", () => {
  const connected = () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.answers(phone, call);
    t.accepts();
    t.fulfils(phone, call);
    return t;
  };
  const onAndroid = (telecom: "self-managed" | "none" = "self-managed") => {
    const t = androidLadder({ app: { telecom } });
    t.ringsAndConnects();
    t.taps(phone, call, "answer");
    t.accepts();
    return t;
  };

  test("passes when media starts, on either platform", () => {
    expect(kindOf(mediaStarts, answeredOnIphone())).toBe("pass");
    for (const telecom of ["self-managed", "none"] as const) {
      const t = onAndroid(telecom);
      t.mediaStarts();
      expect(kindOf(mediaStarts, t.finished())).toBe("pass");
    }
  });

  test("fails when it does not, or too late", () => {
    const t = connected();
    const activated = t.audioActivates(phone);
    expect(failure(mediaStarts.judge(t.finished()))).toEqual({ mismatch: "no-media", violation: activated.seq });
    const late = t.mediaStarts(phone, call, { afterMs: 6000 });
    expect(failure(mediaStarts.judge(t.finished()))).toEqual({ mismatch: "no-media", violation: late.seq });
    expect(failure(mediaStarts.judge(onAndroid().finished())).mismatch).toBe("no-media");
    expect(failure(mediaStarts.judge(onAndroid("none").finished())).mismatch).toBe("no-media");
  });

  test("asks nothing before the ACK of the 2xx has come", () => {
    const t = androidLadder();
    t.ringsAndConnects();
    t.taps(phone, call, "answer");
    t.appSends(phone, call, 200, { fate: "lost" });
    t.moves(phone, call, "ACTIVE");
    expect(kindOf(mediaStarts, t.finished())).toBe("not-exercised");
  });

  test("asks nothing while the audio session is not active, or once somebody ends the call", () => {
    expect(kindOf(mediaStarts, connected().finished())).toBe("not-exercised");
    const ended = connected();
    ended.audioActivates(phone);
    ended.byeSent(phone, call);
    expect(kindOf(mediaStarts, ended.finished())).toBe("not-exercised");
    const hungUp = connected();
    hungUp.audioActivates(phone);
    hungUp.hangsUp(phone, call);
    expect(kindOf(mediaStarts, hungUp.finished())).toBe("not-exercised");
  });

  test("is inconclusive when cut short, and not exercised by a call nobody answers", () => {
    const t = connected();
    t.audioActivates(phone);
    expect(kindOf(mediaStarts, t.capped())).toBe("inconclusive");
    const ringing = iosLadder();
    ringing.rings();
    ringing.connects();
    expect(kindOf(mediaStarts, ringing.finished())).toBe("not-exercised");
  });
});
