import { describe, expect, test } from "vitest";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { mediaAfterActivation } from "./media-after-activation.ts";

describe("audio/media-after-activation", () => {
  test("passes when the audio session is active", () => {
    expect(kindOf(mediaAfterActivation, answeredOnIphone())).toBe("pass");
  });

  test("fails when it is not active yet, or no more", () => {
    const t = iosLadder();
    t.rings();
    t.answers(phone, call);
    const early = t.mediaStarts(phone, call);
    expect(failure(mediaAfterActivation.judge(t.finished()))).toEqual({
      mismatch: "media-before-activation",
      violation: early.seq,
    });
    const held = iosLadder();
    held.talks();
    held.mediaStops(phone, call);
    held.audioDeactivates(phone);
    const again = held.mediaStarts(phone, call);
    expect(failure(mediaAfterActivation.judge(held.finished()))).toEqual({
      mismatch: "media-before-activation",
      violation: again.seq,
    });
  });

  test("passes while the app has not heard of the deactivation", () => {
    const t = iosLadder();
    t.talks();
    t.mediaStops(phone, call);
    t.happens(phone, { kind: "audio.deactivated" });
    t.asking(phone, "provider.didDeactivateAudioSession");
    const callUUID = t.uuidOf(phone, call);
    const body = { kind: "media.started", callUUID, audio: "inactive", callState: "connected" } as const;
    t.tells(phone, "media.started", { callUUID }, body);
    expect(kindOf(mediaAfterActivation, t.finished())).toBe("pass");
  });

  test("is not exercised without media", () => {
    expect(kindOf(mediaAfterActivation, quietIphone())).toBe("not-exercised");
  });
});
