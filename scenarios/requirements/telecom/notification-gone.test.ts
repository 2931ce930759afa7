import { describe, expect, test } from "vitest";
import { notificationGone } from "./notification-gone.ts";
import { call, cancelledCall, phone, ringing, wholeCall } from "./testing/android-ladder.ts";

describe("telecom/notification-gone", () => {
  test.each(["self-managed", "none"] as const)("passes where it is cancelled, with telecom %s", (telecom) => {
    expect(notificationGone.judge(wholeCall({ app: { telecom } }).finished()).kind).toBe("pass");
    expect(notificationGone.judge(cancelledCall({ app: { telecom } }).finished()).kind).toBe("pass");
  });

  test("passes where it becomes a note of the missed call", () => {
    const t = ringing();
    t.cancelSent(phone, call);
    t.updates(phone, call, { actions: [], style: "standard" });
    expect(notificationGone.judge(t.finished()).kind).toBe("pass");
  });

  test("fails where it stays", () => {
    const t = ringing();
    const cancel = t.cancelSent(phone, call);
    t.moves(phone, call, "DISCONNECTED", { disconnectCause: "MISSED" });
    expect(notificationGone.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "notification-left",
      evidence: [cancel.seq],
    });
    expect(notificationGone.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("does not blame a process that has forgotten the call", () => {
    const t = cancelledCall();
    t.terminates(phone);
    t.launches(phone, "push");
    t.posts(phone, call);
    expect(notificationGone.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised by a call that goes on", () => {
    expect(notificationGone.judge(ringing().finished())).toEqual({ kind: "not-exercised" });
  });
});
