import { describe, expect, test } from "vitest";
import { appWaits } from "./app-waits.ts";
import { call, phone, platforms, stage, wholeCall } from "./testing/app-stage.ts";

function lonely(platform: (typeof platforms)[number]) {
  const t = stage(platform);
  t.pushRings();
  t.registers(phone);
  return t;
}

describe.each(platforms)("flow/app-waits on %s", (platform) => {
  test("passes where the app waited long enough", () => {
    const t = lonely(platform);
    t.endsCall(call, { afterMs: 20_000, failed: true });
    expect(appWaits.judge(t.finished()).kind).toBe("pass");
  });

  test("fails where it gave up early, also where the INVITE came after that", () => {
    const t = lonely(platform);
    t.endsCall(call, { afterMs: 5000, failed: true });
    const verdict = appWaits.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "ended-early", basis: "deadline" });
    expect(verdict.kind === "fail" && verdict.evidence).toHaveLength(2);
    t.inviteSent(phone, call);
    t.appSends(phone, call, 480);
    expect(appWaits.judge(t.finished())).toMatchObject({ mismatch: "ended-early" });
  });

  test("is inconclusive about the limit on a busy host", () => {
    const t = lonely(platform);
    const at = t.last("push.delivered").atMs;
    t.happens(
      phone,
      platform === "ios"
        ? { kind: "call.ended", callUUID: "00000000-0000-4000-8000-000000000001", why: "failed" }
        : {
            kind: "connection.state",
            connectionId: "connection-call:1",
            state: "DISCONNECTED",
            asker: "app",
            disconnectCause: "ERROR",
          },
      { call, atMs: at + 13_010, lagMs: 100 },
    );
    expect(appWaits.judge(t.finished()).kind).toBe("inconclusive");
  });

  test("asks nothing of a user's end, of an app that is not registered, nor of a call that came", () => {
    const declined = lonely(platform);
    declined.declinesCall();
    declined.endsCall();
    expect(appWaits.judge(declined.finished())).toEqual({ kind: "not-exercised" });
    const refused = stage(platform, { registered: false });
    refused.launches(phone);
    refused.pushRings();
    refused.registers(phone, { status: 403 });
    refused.endsCall(call, { failed: true });
    const early = stage(platform, { registered: false });
    early.delivers(phone, call);
    early.launches(phone, "push");
    early.registers(phone, { status: 503 });
    early.pushRings();
    early.registers(phone);
    early.registers(phone, { status: 403 });
    early.endsCall(call, { failed: true });
    const again = stage(platform);
    again.pushRings();
    again.registers(phone, { status: 403 });
    again.endsCall(call, { failed: true });
    expect(appWaits.judge(again.finished())).toEqual({ kind: "not-exercised" });
    expect(appWaits.judge(refused.finished())).toEqual({ kind: "not-exercised" });
    expect(appWaits.judge(early.finished())).toEqual({ kind: "not-exercised" });
    expect(appWaits.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
