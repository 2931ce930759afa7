import type { NotificationStyle } from "../../harness/trace/android-event.ts";
import { describe, expect, test } from "vitest";
import type { AndroidSettings } from "./android-settings.ts";
import { showingOf } from "./notification-surface.ts";
import { defaultAndroidSettings } from "./android-settings.ts";
import { runningAndroid, type TestAndroid, type TestAndroidOptions } from "./testing/test-android.ts";

const incoming = { style: "CallStyle", fullScreenIntent: true, actions: ["answer", "decline"] } as const;
const bob = { handle: "sip:bob@example.test", hasVideo: false };

async function withCall(options: TestAndroidOptions = {}): Promise<TestAndroid> {
  const phone = await runningAndroid(options);
  phone.ask("telecom.addNewIncomingCall", { connectionId: "c1", ...bob });
  phone.ask("connection.setRinging", { connectionId: "c1" });
  phone.news();
  phone.requests();
  return phone;
}

describe("where a notification is shown", () => {
  const revoked = { fullScreenIntent: false };
  const denied = { postNotifications: false };
  test.each<[NotificationStyle, boolean, Partial<AndroidSettings>, boolean, string, boolean]>([
    ["CallStyle", true, {}, true, "full-screen", false],
    ["standard", true, {}, true, "full-screen", false],
    ["none", true, {}, false, "full-screen", false],
    ["CallStyle", true, { locked: false }, true, "heads-up", false],
    ["CallStyle", true, revoked, true, "heads-up", true],
    ["standard", true, { ...revoked, locked: false }, true, "heads-up", true],
    ["CallStyle", false, {}, true, "heads-up", false],
    ["standard", false, {}, true, "heads-up", true],
    ["none", false, {}, true, "shade", false],
    ["standard", true, denied, true, "withheld", false],
    ["CallStyle", true, denied, false, "withheld", false],
    ["CallStyle", true, denied, true, "full-screen", false],
    ["CallStyle", true, { ...denied, callStyleExempt: false }, true, "withheld", false],
  ])(
    "%s, full-screen intent %s, settings %j, call in Telecom %s: %s, brief %s",
    (style, fullScreenIntent, settings, hasCall, where, isBrief) => {
      const posted = { notificationId: 1, style, fullScreenIntent, actions: [] };
      const showing = showingOf(posted, { ...defaultAndroidSettings, ...settings }, hasCall);
      expect(showing).toMatchObject(
        where === "withheld" ? { kind: "withheld" } : { kind: "shown", surface: where, isBrief },
      );
    },
  );
});

describe("the notifications of a simulated Android phone", () => {
  test("ring from the first one that offers to answer until it is gone, and are taken to be about the call", async () => {
    const phone = await withCall();
    phone.ask("notification.post", { notificationId: 7, ...incoming });
    phone.ask("notification.post", { notificationId: 7, ...incoming });
    phone.ask("notification.cancel", { notificationId: 7 });
    phone.ask("notification.cancel", { notificationId: 7 });
    const about = { notificationId: 7, connectionId: "c1" };
    expect(phone.news("notification", "ringing")).toMatchObject([
      { kind: "notification.shown", surface: "full-screen", ...about },
      { kind: "ringing.shown", why: "notification", surface: "full-screen", ...about },
      { kind: "notification.updated", ...about },
      { kind: "notification.cancelled", notificationId: 7 },
      { kind: "ringing.ended", why: "the app cancelled it", ...about },
    ]);
  });

  test("stop ringing when an update offers to hang up instead", async () => {
    const phone = await withCall();
    phone.ask("notification.post", { notificationId: "call", ...incoming });
    phone.ask("notification.post", { notificationId: "call", ...incoming, actions: ["hangup"] });
    expect(phone.news("ringing").map(({ kind }) => kind)).toEqual(["ringing.shown", "ringing.ended"]);
    expect(phone.device.notifications()).toMatchObject([{ notificationId: "call", actions: ["hangup"] }]);
  });

  test("with the same id are about the next call once the first is over", async () => {
    const phone = await withCall();
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.ask("connection.setDisconnected", { connectionId: "c1", cause: "MISSED" });
    phone.ask("telecom.addNewIncomingCall", { connectionId: "c2", ...bob });
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    expect(phone.device.notifications()).toMatchObject([{ connectionId: "c2" }]);
  });

  test("are told apart by id, a number from its digits", async () => {
    const phone = await withCall();
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.ask("notification.post", { notificationId: "1", ...incoming });
    expect(phone.device.notifications()).toHaveLength(2);
  });

  test("need a foreground service or a full-screen intent for CallStyle", async () => {
    const phone = await withCall();
    const plain = { notificationId: 1, ...incoming, fullScreenIntent: false };
    expect(phone.ask("notification.post", plain)).toMatchObject({ data: { name: "IllegalArgumentException" } });
    expect(phone.device.notifications()).toEqual([]);
    phone.ask("service.startForeground", { types: ["phoneCall"] });
    expect(phone.ask("notification.post", plain)).toEqual({});
  });

  test("stand as a heads-up for a minute where the full-screen permission is revoked, and can still be tapped after", async () => {
    const phone = await withCall({ settings: { fullScreenIntent: false } });
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.clock.advance(59_999);
    expect(phone.device.notifications()).toMatchObject([{ surface: "heads-up" }]);
    phone.clock.advance(1);
    expect(phone.news("notification.shaded")).toEqual([{ kind: "notification.shaded", notificationId: 1 }]);
    expect(phone.device.user.decline()).toEqual({ kind: "done", through: "notification" });
    expect(phone.lastParams()).toEqual({ notificationId: 1, action: "decline" });
  });

  test("that are withheld cannot be tapped, and one shown before goes", async () => {
    const phone = await withCall({ telecom: "none" });
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.device.change({ postNotifications: false });
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    expect(phone.news("notification.withheld", "ringing.ended")).toMatchObject([
      { kind: "notification.withheld", why: "POST_NOTIFICATIONS is not granted" },
      { kind: "ringing.ended" },
    ]);
    expect(phone.device.user.answer()).toEqual({ kind: "impossible" });
  });

  test("are silenced by the volume key, and the call stays", async () => {
    const phone = await withCall();
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.device.user.silence();
    expect(phone.news("ringing").at(-1)).toMatchObject({ kind: "ringing.silenced", notificationId: 1 });
    expect(phone.requests()).toEqual(["connection.onSilence"]);
  });

  test("outlive the process; a tap starts it again in the background", async () => {
    const phone = await withCall();
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.device.terminate("out of memory");
    phone.requests();
    expect(phone.device.user.decline()).toEqual({ kind: "done", through: "notification" });
    phone.clock.advance(500);
    expect(phone.requests()).toEqual(["device.launch", "device.background", "notification.action"]);
    expect(phone.device.app()).toBe("background");
    phone.device.forceStop();
    expect(phone.device.notifications()).toEqual([]);
  });
});

describe("one act of the user", () => {
  test("goes through the notification, and through Telecom only where it is told to or nothing else offers it", async () => {
    const phone = await withCall();
    expect(phone.device.user.answer({ through: "notification" })).toEqual({ kind: "impossible" });
    phone.ask("notification.post", { notificationId: 1, ...incoming, actions: ["answer"] });
    phone.device.user.answer();
    expect(phone.requests()).toEqual(["notification.action"]);
    phone.device.user.decline();
    expect(phone.requests()).toEqual(["connection.onReject"]);
    phone.device.user.answer({ through: "telecom" });
    expect(phone.requests()).toEqual(["connection.onAnswer"]);
  });

  test("is for the call or notification it names, else for the newest", async () => {
    const phone = await withCall();
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.ask("telecom.addNewIncomingCall", { connectionId: "c2", ...bob });
    phone.ask("notification.post", { notificationId: 2, ...incoming });
    for (const options of [{}, { connectionId: "c1" }, { notificationId: 2 }]) phone.device.user.answer(options);
    const tapped = phone.news("notification.tapped").map((event) => "notificationId" in event && event.notificationId);
    expect(tapped).toEqual([2, 1, 2]);
    expect(phone.device.user.answer({ connectionId: "c3" })).toEqual({ kind: "impossible" });
  });

  test("keeps the app running for a while", async () => {
    const phone = await runningAndroid({ telecom: "none" });
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.device.user.answer();
    phone.clock.advance(19_999);
    expect(phone.device.app()).toBe("background");
    phone.clock.advance(1);
    expect(phone.device.app()).toBe("suspended");
  });

  test("takes the phone out of Doze", async () => {
    const phone = await withCall({ settings: { doze: true } });
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    phone.device.user.answer();
    expect(phone.device.settings().doze).toBe(false);
  });
});
