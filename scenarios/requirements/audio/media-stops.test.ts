import { describe, expect, test } from "vitest";
import { androidLadder } from "../testing/android-ladder.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { mediaStops } from "./media-stops.ts";

describe("audio/media-stops", () => {
  const ended = () => {
    const t = iosLadder();
    t.talks();
    t.byeSent(phone, call);
    return Object.assign(t, { ended: t.ends(phone, call, "remoteEnded") });
  };

  test("passes when media stops, before the end or after it, on either platform", () => {
    expect(kindOf(mediaStops, answeredOnIphone())).toBe("pass");
    const t = androidLadder();
    t.ringsAndConnects();
    t.taps(phone, call, "answer");
    t.accepts();
    t.mediaStarts();
    t.byeSent(phone, call);
    t.mediaStops();
    t.ends(phone, call, "REMOTE");
    expect(kindOf(mediaStops, t.finished())).toBe("pass");
  });

  test("fails when it is left on, or started after the end", () => {
    const t = ended();
    expect(failure(mediaStops.judge(t.finished()))).toEqual({ mismatch: "media-left-on", violation: t.ended.seq });
    t.mediaStops(phone, call);
    const again = t.mediaStarts(phone, call);
    expect(failure(mediaStops.judge(t.finished()))).toEqual({ mismatch: "media-left-on", violation: again.seq });
  });

  test("fails when it is left on on Android", () => {
    const t = androidLadder();
    t.ringsAndConnects();
    t.taps(phone, call, "answer");
    t.accepts();
    t.mediaStarts();
    t.byeSent(phone, call);
    t.ends(phone, call, "REMOTE");
    expect(failure(mediaStops.judge(t.finished())).mismatch).toBe("media-left-on");
  });

  test("is inconclusive when cut short, and asks nothing of a call that goes on or a process that is gone", () => {
    expect(kindOf(mediaStops, ended().capped())).toBe("inconclusive");
    const talking = iosLadder();
    talking.talks();
    expect(kindOf(mediaStops, talking.finished())).toBe("not-exercised");
    const gone = ended();
    gone.terminates(phone);
    expect(kindOf(mediaStops, gone.finished())).toBe("not-exercised");
    const anew = androidLadder();
    anew.ringsAndConnects();
    anew.taps(phone, call, "answer");
    anew.accepts();
    anew.mediaStarts();
    anew.terminates(phone);
    anew.moves(phone, call, "DISCONNECTED", { disconnectCause: "ERROR" });
    anew.launches(phone);
    expect(kindOf(mediaStops, anew.finished())).toBe("not-exercised");
  });
});
