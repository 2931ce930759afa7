import { describe, expect, test } from "vitest";
import { appSilentAfterEnd } from "./app-silent-after-end.ts";
import { call, cancelledCall, phone, platforms, ringing, stage, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-silent-after-end on %s", (platform) => {
  test("passes where nothing rings any more", () => {
    expect(appSilentAfterEnd.judge(wholeCall(platform).finished()).kind).toBe("pass");
    expect(appSilentAfterEnd.judge(cancelledCall(platform).finished()).kind).toBe("pass");
    expect(appSilentAfterEnd.judge(cancelledCall(platform).capped()).kind).toBe("inconclusive");
  });

  test("fails where it rings again", () => {
    const t = ringing(platform);
    const cancel = t.cancelSent(phone, call);
    t.endsCall();
    const ring = t.showsCall(call, { anew: true, afterMs: 200 });
    expect(appSilentAfterEnd.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "rang-again",
      evidence: [cancel.seq, ring.seq],
    });
  });

  test("lets a first ring cross the CANCEL, but not come long after", () => {
    const crossing = stage(platform);
    crossing.inviteSent(phone, call);
    crossing.cancelSent(phone, call);
    crossing.showsCall(call, { afterMs: 100 });
    expect(appSilentAfterEnd.judge(crossing.finished()).kind).toBe("pass");
    const late = stage(platform);
    late.inviteSent(phone, call);
    late.cancelSent(phone, call);
    late.showsCall(call, { afterMs: 5000 });
    expect(appSilentAfterEnd.judge(late.finished())).toMatchObject({ mismatch: "rang-again" });
  });

  test("asks nothing of a process that has forgotten the call, nor of one that goes on", () => {
    const t = cancelledCall(platform);
    t.terminates(phone);
    t.launches(phone, "push");
    t.showsCall(call, { anew: true });
    expect(appSilentAfterEnd.judge(t.finished()).kind).toBe("pass");
    expect(appSilentAfterEnd.judge(ringing(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});

test("flow/app-silent-after-end lets iOS have the report of a push that comes after the end", () => {
  const t = cancelledCall("ios");
  t.pushRings();
  t.endsCall();
  expect(appSilentAfterEnd.judge(t.finished()).kind).toBe("pass");
});

test("flow/app-silent-after-end takes a tap on what a process left behind for no end of the call", () => {
  const t = ringing("android");
  t.terminates(phone);
  t.happens(
    phone,
    {
      kind: "connection.state",
      connectionId: "connection-call:1",
      state: "DISCONNECTED",
      asker: "telecom",
      disconnectCause: "ERROR",
    },
    { call },
  );
  t.launches(phone, "push");
  t.declinesCall();
  t.showsCall(call, { anew: true });
  expect(appSilentAfterEnd.judge(t.finished())).toEqual({ kind: "not-exercised" });
});
