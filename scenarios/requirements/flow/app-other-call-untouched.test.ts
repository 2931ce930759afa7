import { describe, expect, test } from "vitest";
import { appOtherCallUntouched } from "./app-other-call-untouched.ts";
import { call, other, phone, platforms, ringing, wholeCall } from "./testing/app-stage.ts";

/** Two calls ring; the caller of the first gives up. */
function twoCalls(platform: (typeof platforms)[number]) {
  const t = ringing(platform);
  t.pushRings(other);
  t.inviteSent(phone, other);
  t.appSends(phone, other, 180);
  const cancel = t.cancelSent(phone, call);
  t.endsCall(call);
  return { t, cancel };
}

describe.each(platforms)("flow/app-other-call-untouched on %s", (platform) => {
  test("passes where the other goes on, or ends by its own caller", () => {
    const { t } = twoCalls(platform);
    expect(appOtherCallUntouched.judge(t.finished()).kind).toBe("pass");
    expect(appOtherCallUntouched.judge(t.capped()).kind).toBe("inconclusive");
    t.cancelSent(phone, other);
    t.endsCall(other);
    expect(appOtherCallUntouched.judge(t.finished()).kind).toBe("pass");
  });

  test("fails where the app ends it on the phone, or rejects it", () => {
    const shown = twoCalls(platform);
    shown.t.endsCall(other);
    const verdict = appOtherCallUntouched.judge(shown.t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "other-call-ended" });
    expect(verdict.kind === "fail" && verdict.evidence[0]).toBe(shown.cancel.seq);
    const rejected = twoCalls(platform);
    const final = rejected.t.appSends(phone, other, 486);
    expect(appOtherCallUntouched.judge(rejected.t.finished())).toMatchObject({
      mismatch: "other-call-ended",
      evidence: [rejected.cancel.seq, final.seq],
    });
  });

  test("lets the user end both", () => {
    const { t } = twoCalls(platform);
    t.declinesCall(other);
    t.appSends(phone, other, 486);
    expect(appOtherCallUntouched.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised by one call", () => {
    expect(appOtherCallUntouched.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
