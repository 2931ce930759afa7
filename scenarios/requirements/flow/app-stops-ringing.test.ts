import { describe, expect, test } from "vitest";
import { appStopsRinging } from "./app-stops-ringing.ts";
import { call, cancelledCall, inCall, phone, platforms, ringing, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-stops-ringing on %s", (platform) => {
  test("passes where the ringing ends, with its margin", () => {
    expect(appStopsRinging.judge(cancelledCall(platform).finished())).toMatchObject({
      kind: "pass",
      margins: [{ limitMs: 2000 }],
    });
  });

  test("fails where it goes on, or ends late", () => {
    const t = ringing(platform);
    const cancel = t.cancelSent(phone, call);
    expect(appStopsRinging.judge(t.finished())).toMatchObject({
      kind: "fail",
      basis: "deadline",
      mismatch: "still-ringing",
      evidence: [cancel.seq],
    });
    expect(appStopsRinging.judge(t.capped()).kind).toBe("inconclusive");
    t.endsCall(call, { afterMs: 3000 });
    expect(appStopsRinging.judge(t.finished())).toMatchObject({
      mismatch: "still-ringing",
      evidence: [cancel.seq, t.last("ringing.ended").seq],
    });
  });

  test("asks nothing of a CANCEL after the answer, nor of a BYE", () => {
    const t = inCall(platform);
    t.cancelSent(phone, call, { answered: false });
    expect(appStopsRinging.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(appStopsRinging.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
