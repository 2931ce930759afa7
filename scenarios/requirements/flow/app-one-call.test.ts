import { describe, expect, test } from "vitest";
import { appOneCall } from "./app-one-call.ts";
import { call, phone, platforms, ringing, stage, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-one-call on %s", (platform) => {
  test("passes where push and INVITE are one call, in either order", () => {
    expect(appOneCall.judge(wholeCall(platform).finished()).kind).toBe("pass");
    const t = stage(platform);
    t.inviteSent(phone, call);
    t.showsCall();
    t.pushOnly();
    expect(appOneCall.judge(t.finished()).kind).toBe("pass");
    expect(appOneCall.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("fails where the INVITE is another call", () => {
    const t = ringing(platform);
    t.showsCall(call, { anew: true });
    const verdict = appOneCall.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "second-call", basis: "content" });
    expect(verdict.kind === "fail" && verdict.evidence).toHaveLength(2);
  });

  test("lets a late INVITE ring anew once the first is over", () => {
    const t = stage(platform);
    t.pushRings();
    t.endsCall();
    t.inviteSent(phone, call);
    t.showsCall(call, { anew: true });
    expect(appOneCall.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised by a push alone, or an INVITE alone", () => {
    const pushed = stage(platform);
    pushed.pushRings();
    expect(appOneCall.judge(pushed.finished())).toEqual({ kind: "not-exercised" });
    const invited = stage(platform);
    invited.inviteSent(phone, call);
    invited.showsCall();
    expect(appOneCall.judge(invited.finished())).toEqual({ kind: "not-exercised" });
  });
});
