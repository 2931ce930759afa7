import { describe, expect, test } from "vitest";
import { appShowsCall } from "./app-shows-call.ts";
import { call, other, phone, platforms, stage, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-shows-call on %s", (platform) => {
  test("passes where the phone rings for the INVITE", () => {
    const t = stage(platform);
    const invite = t.inviteSent(phone, call);
    const ring = t.showsCall();
    expect(appShowsCall.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [invite.seq, ring.seq] });
  });

  test("fails where it does not, or the app rejects the INVITE instead", () => {
    const t = stage(platform);
    const invite = t.inviteSent(phone, call);
    expect(appShowsCall.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-shown",
      evidence: [invite.seq],
    });
    t.appSends(phone, call, 480);
    expect(appShowsCall.judge(t.finished())).toMatchObject({ mismatch: "not-shown" });
    expect(appShowsCall.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("asks nothing of a call that was pushed first, was given up, or came while another went on", () => {
    expect(appShowsCall.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
    const cancelled = stage(platform);
    cancelled.inviteSent(phone, call);
    cancelled.cancelSent(phone, call);
    expect(appShowsCall.judge(cancelled.finished())).toEqual({ kind: "not-exercised" });
    const busy = stage(platform);
    busy.pushRings(other);
    busy.inviteSent(phone, call);
    busy.appSends(phone, call, 486);
    expect(appShowsCall.judge(busy.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive where the phone shows a call that nobody can tell", () => {
    const t = stage(platform);
    t.inviteSent(phone, call);
    const callUUID = "00000000-0000-4000-8000-00000000000e";
    if (platform === "ios") t.happens(phone, { kind: "ringing.shown", why: "invite", callUUID });
    else t.happens(phone, { kind: "telecom.call-added", connectionId: callUUID, shownBy: "app" });
    expect(appShowsCall.judge(t.finished()).kind).toBe("inconclusive");
  });

  test("takes a phone that would not ring for one that was asked to", () => {
    const t = stage(platform);
    t.inviteSent(phone, call);
    const body =
      platform === "ios"
        ? ({ kind: "call.refused", callUUID: "u", code: 3, why: "filteredByDoNotDisturb" } as const)
        : ({ kind: "telecom.refused", connectionId: "c", why: "an emergency call" } as const);
    t.happens(phone, body, { call });
    expect(appShowsCall.judge(t.finished()).kind).toBe("pass");
  });
});
