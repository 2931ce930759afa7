import { describe, expect, test } from "vitest";
import { microphoneFromAnswer } from "./microphone-from-answer.ts";
import { android, call, inCall, phone, ringing, wholeCall } from "./testing/android-ladder.ts";

describe("telecom/microphone-from-answer", () => {
  test("passes where the microphone waits for the answer, and where there is none", () => {
    expect(microphoneFromAnswer.judge(wholeCall().finished()).kind).toBe("pass");
    const t = ringing();
    t.startsService(phone, ["phoneCall"]);
    expect(microphoneFromAnswer.judge(t.finished()).kind).toBe("pass");
    expect(microphoneFromAnswer.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("fails while the phone rings", () => {
    const t = ringing();
    const started = t.startsService(phone, ["phoneCall", "microphone"]);
    expect(microphoneFromAnswer.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "microphone-while-ringing",
      evidence: [started.seq],
    });
  });

  test("fails where the system throws for it", () => {
    const t = ringing();
    const refused = t.serviceRefused(phone, ["microphone"], "SecurityException");
    expect(microphoneFromAnswer.judge(t.finished())).toMatchObject({
      mismatch: "microphone-while-ringing",
      actual: "SecurityException: no call was answered",
      evidence: [refused.seq],
    });
  });

  test("fails for a second call that rings after the first was over", () => {
    const t = inCall({ calls: [{}, {}] });
    t.byeSent(phone, call);
    t.ends(phone, call, "REMOTE");
    t.rings(phone, "call:2");
    t.startsService(phone, ["camera"]);
    expect(microphoneFromAnswer.judge(t.finished())).toMatchObject({ mismatch: "microphone-while-ringing" });
  });

  test("is not exercised by a phone that never rang", () => {
    expect(microphoneFromAnswer.judge(android().finished())).toEqual({ kind: "not-exercised" });
  });
});
