import { describe, expect, test } from "vitest";
import { androidCallsOf } from "./client-view-android.ts";
import { clientCallsOf } from "./client-view.ts";
import { androidTrace } from "./testing/android-trace.ts";
import type { ClientTraceSetup } from "./testing/client-trace-builder.ts";

const phone = "phone:1";
const call = "call:1";

function ringing(setup: ClientTraceSetup = {}) {
  const t = androidTrace({ phones: [{ platform: "android", app: "background", signalling: "connected" }], ...setup });
  t.rings(phone, call);
  return t;
}

describe("the calls of an Android phone", () => {
  test("are its connections with the notifications about them", () => {
    const t = ringing();
    const tapped = t.taps(phone, call, "answer");
    const active = t.moves(phone, call, "ACTIVE");
    t.updates(phone, call);
    t.ends(phone, call, "REMOTE");
    const trace = t.finished();
    const calls = androidCallsOf(trace, phone);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      id: "connection-call:1",
      call,
      answered: { seq: tapped.seq },
      connected: { seq: active.seq },
      ended: { why: "REMOTE" },
      connection: { connectionId: "connection-call:1" },
    });
    expect(calls[0]?.notifications).toHaveLength(1);
    expect(calls[0]?.ringing).toHaveLength(1);
    expect(calls[0]?.ringing[0]?.until?.kind).toBe("ringing.ended");
    expect(clientCallsOf(trace)[0]?.shown).toEqual(calls);
  });

  test("are notifications where Telecom has no part in it, until the last of them is gone", () => {
    const t = ringing({ app: { telecom: "none" } });
    t.taps(phone, call, "answer");
    // The call that goes on has a notification of its own.
    t.posts(phone, call, { notificationId: "ongoing", actions: ["hangup"] });
    t.cancels(phone, call);
    expect(androidCallsOf(t.finished(), phone)).toMatchObject([
      { id: "notification connection-call:1", ended: undefined },
    ]);
    const gone = t.cancels(phone, call, { notificationId: "ongoing" });
    expect(androidCallsOf(t.finished(), phone)).toMatchObject([{ ended: { event: { seq: gone.seq } } }]);
  });

  test("take a notification that comes before its connection for the same call", () => {
    const t = androidTrace();
    t.posts(phone, call, { notificationId: "early" });
    t.adds(phone, call);
    const calls = androidCallsOf(t.finished(), phone);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.since.kind).toBe("notification.shown");
    expect(calls[0]?.ringing).toHaveLength(1);
  });

  test("join the rings of screen and notification that overlap", () => {
    const t = androidTrace();
    t.adds(phone, call, { shownBy: "telecom" });
    t.posts(phone, call);
    t.cancels(phone, call);
    expect(androidCallsOf(t.finished(), phone)[0]?.ringing).toMatchObject([{ until: undefined }]);
  });

  test("do not hold a note of a missed call for one, nor two calls for one", () => {
    const missed = androidTrace();
    missed.posts(phone, call, { actions: [], style: "standard" });
    expect(androidCallsOf(missed.finished(), phone)).toEqual([]);
    const two = ringing({ calls: [{}, {}] });
    two.rings(phone, "call:2");
    expect(androidCallsOf(two.finished(), phone).map((one) => one.call)).toEqual([call, "call:2"]);
  });
});
