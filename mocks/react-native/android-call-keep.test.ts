import { expect, test } from "vitest";
import { androidSetup, heard, phoneWith, uuid, type Packages } from "./testing/phone-with.ts";

async function ringing(app: (packages: Packages) => unknown = () => {}, setup: object = androidSetup) {
  let packages: Packages | undefined;
  const phone = await phoneWith("android", async (its) => {
    packages = its;
    await its.callKeep.setup(setup);
    await app(its);
    its.callKeep["displayIncomingCall"]!(uuid, "alice@example.test", "Alice", "generic", true);
  });
  phone.user.open();
  await phone.events.until("connection.state", ({ state }) => state === "RINGING");
  return { phone, callKeep: packages!.callKeep, constants: packages!.constants };
}

test("a self-managed call is shown by the app, whose handle comes back escaped and whose video is a string", async () => {
  const shows = heard();
  const displays = heard();
  await ringing(({ callKeep }) => {
    callKeep.addEventListener("showIncomingCallUi", shows.push);
    callKeep.addEventListener("didDisplayIncomingCall", displays.push);
  });
  await shows.count(1);
  expect(shows.all).toEqual([{ handle: "alice%40example.test", callUUID: uuid, name: "Alice", hasVideo: "true" }]);
  expect(displays.all).toEqual([]);
});

test("what Telecom throws at a new call ends the app", async () => {
  const phone = await phoneWith(
    "android",
    async ({ callKeep }) => {
      await callKeep.setup(androidSetup);
      callKeep["displayIncomingCall"]!(uuid, "alice@example.test", "Alice", "generic", false);
    },
    { conditions: { manageOwnCalls: false } },
  );
  phone.user.open();
  expect((await phone.events.until("app.crashed")).message).toContain("MANAGE_OWN_CALLS");
});

test("an answer comes as answerCall and at once didActivateAudioSession, and only once", async () => {
  const events = heard();
  const { phone, callKeep } = await ringing((its) => {
    its.callKeep.addEventListener("answerCall", (event) => events.push({ answerCall: event }));
    its.callKeep.addEventListener("didActivateAudioSession", events.push);
  });
  phone.user.answer();
  callKeep["answerIncomingCall"]!(uuid);
  await events.count(2);
  callKeep["setCurrentCallActive"]!(uuid);
  await phone.events.until("connection.state", ({ state }) => state === "ACTIVE");
  expect(events.all).toEqual([{ answerCall: { callUUID: uuid, withVideo: true } }, null]);
});

test.each([
  ["endCall", "LOCAL"],
  ["rejectCall", "REJECTED"],
] as const)("%s disconnects as %s and comes back as endCall", async (method, cause) => {
  const ends = heard();
  const { phone, callKeep } = await ringing((its) => its.callKeep.addEventListener("endCall", ends.push));
  callKeep[method]!(uuid);
  await ends.count(1);
  expect(ends.all).toEqual([{ callUUID: uuid }]);
  const { disconnectCause } = await phone.events.until("connection.state", ({ state }) => state === "DISCONNECTED");
  expect(disconnectCause).toBe(cause);
});

test.each([
  ["FAILED", "ERROR"],
  ["REMOTE_ENDED", "REMOTE"],
  ["UNANSWERED", "BUSY"],
  ["ANSWERED_ELSEWHERE", "ANSWERED_ELSEWHERE"],
  ["DECLINED_ELSEWHERE", "REMOTE"],
  ["MISSED", "MISSED"],
] as const)("the reason %s is Telecom's %s, without an event", async (reason, cause) => {
  const ends = heard();
  const { phone, callKeep, constants } = await ringing((its) => its.callKeep.addEventListener("endCall", ends.push));
  callKeep["reportEndCallWithUUID"]!(uuid, constants.END_CALL_REASONS[reason]);
  const { disconnectCause } = await phone.events.until("connection.state", ({ state }) => state === "DISCONNECTED");
  expect(disconnectCause).toBe(cause);
  await phone.events.until("connection.destroyed");
  expect(ends.all).toEqual([]);
});

test("a configured foreground service starts with the microphone at the ring", async () => {
  const foregroundService = { channelId: "calls", channelName: "Calls", notificationTitle: "Call" };
  const { phone, callKeep } = await ringing(() => {}, {
    android: { ...androidSetup.android, foregroundService },
  });
  expect((await phone.events.until("service.started")).types).toEqual(["microphone"]);
  callKeep["endCall"]!(uuid);
  await phone.events.until("service.stopped");
});

test("without an account for calls a call is dropped silently", async () => {
  const phone = await phoneWith("android", ({ callKeep }) => callKeep["displayIncomingCall"]!(uuid, "alice", "Alice"));
  phone.user.open();
  await phone.events.until("native.log", ({ message }) => message.includes("no phone account"));
  expect(phone.calls).toEqual([]);
});

test("events from before setup come as didLoadWithEvents, once", async () => {
  const loads = heard();
  let packages: Packages | undefined;
  const phone = await phoneWith(
    "android",
    async (its) => {
      packages = its;
      its.callKeep.addEventListener("didLoadWithEvents", loads.push);
      await its.callKeep.setup(androidSetup);
    },
    { messagingService: { report: "native", payload: { uuid: "/callUUID" } } },
  );
  // The settings are on disk from the first launch on.
  phone.user.open();
  await phone.events.until("js.loaded");
  phone.kill();
  phone.deliverPush({ callUUID: uuid, handle: "alice", callerName: "Alice" });
  await loads.count(1);
  const [events] = loads.all as { readonly name: string; readonly data: { readonly payload: string } }[][];
  expect(events?.[0]).toMatchObject({
    name: "RNCallKeepDidDisplayIncomingCall",
    data: { callUUID: uuid, hasVideo: "false" },
  });
  expect(typeof events?.[0]?.data.payload).toBe("string");
  packages!.callKeep["registerAndroidEvents"]!();
  expect(await packages!.callKeep["getInitialEvents"]!()).toEqual([]);
});

test("what iOS alone can do is undefined or rejected", async () => {
  const { callKeep } = await ringing();
  expect(callKeep["getCalls"]!()).toBeUndefined();
  await expect(callKeep["checkIfBusy"]!()).rejects.toContain("unsupported OS");
  await expect(callKeep["isCallActive"]!(uuid)).rejects.toThrow(/not a function/);
});

test("swiping the app away ends its calls and kills it", async () => {
  const { phone } = await ringing();
  phone.user.swipeAway();
  const { disconnectCause } = await phone.events.until("connection.state", ({ state }) => state === "DISCONNECTED");
  expect(disconnectCause).toBe("LOCAL");
  await phone.events.until("app.terminated");
});
