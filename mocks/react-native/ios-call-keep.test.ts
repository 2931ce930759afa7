import { expect, test } from "vitest";
import { heard, phoneWith, uuid, type Packages } from "./testing/phone-with.ts";

const upper = uuid.toUpperCase();
const push = { callUUID: upper, handle: "+15550100", callerName: "Alice", hasVideo: "true" };

test("events from before JavaScript come in one array under their native names in the order they came", async () => {
  const loads = heard();
  const phone = await phoneWith("ios", ({ callKeep }) => {
    callKeep.addEventListener("didLoadWithEvents", loads.push);
  });
  phone.deliverPush(push);
  await phone.events.until("ringing.shown");
  phone.user.answer();
  await loads.count(1);
  const [first] = loads.all as { readonly name: string; readonly data: unknown }[][];
  expect(first?.slice(0, 2).map(({ name }) => name)).toEqual([
    "RNCallKeepDidDisplayIncomingCall",
    "RNCallKeepPerformAnswerCallAction",
  ]);
  expect(first?.[0]?.data).toMatchObject({
    callUUID: upper,
    handle: "+15550100",
    localizedCallerName: "Alice",
    hasVideo: "1",
    fromPushKit: "1",
    errorCode: "",
    payload: push,
  });
  expect(first?.[1]?.data).toEqual({ callUUID: uuid });
});

test("the buffer is not cleared until JavaScript clears it", async () => {
  const loads = heard();
  let packages: Packages | undefined;
  const phone = await phoneWith("ios", (its) => {
    packages = its;
    its.callKeep.addEventListener("didLoadWithEvents", loads.push);
  });
  phone.deliverPush(push);
  await loads.count(1);
  const { callKeep } = packages!;
  callKeep.removeEventListener("didLoadWithEvents");
  callKeep.addEventListener("didLoadWithEvents", loads.push);
  await loads.count(2);
  expect(loads.all[1]).toEqual(loads.all[0]);
  callKeep["clearInitialEvents"]!();
  expect(await callKeep["getInitialEvents"]!()).toEqual([]);
});

test("a listener for another type takes the buffered events away from one that comes a turn later", async () => {
  const loads = heard();
  const phone = await phoneWith("ios", async ({ callKeep }) => {
    callKeep.addEventListener("answerCall", () => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    callKeep.addEventListener("didLoadWithEvents", loads.push);
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  await phone.events.until("js.event", ({ name }) => name === "RNCallKeepDidLoadWithEvents");
  phone.user.answer();
  await phone.events.until("js.event", ({ name }) => name === "RNCallKeepPerformAnswerCallAction");
  expect(loads.all).toEqual([]);
});

test("an answer is fulfilled whatever JavaScript does, its UUID is in lower case, and getCalls has it in upper case", async () => {
  const answers = heard();
  let packages: Packages | undefined;
  const phone = await phoneWith("ios", (its) => {
    packages = its;
    its.callKeep.addEventListener("answerCall", answers.push);
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  phone.user.answer();
  await answers.count(1);
  expect(answers.all).toEqual([{ callUUID: uuid }]);
  await phone.events.until("action.settled", ({ outcome }) => outcome === "fulfilled");
  expect(await packages!.callKeep["getCalls"]!()).toEqual([
    { callUUID: upper, outgoing: false, onHold: false, hasConnected: true, hasEnded: false },
  ]);
  expect(await packages!.callKeep["isCallActive"]!(uuid)).toBe(true);
});

test("the app's own endCall comes back as an endCall event, and reportEndCallWithUUID does not", async () => {
  const ends = heard();
  let packages: Packages | undefined;
  const phone = await phoneWith("ios", (its) => {
    packages = its;
    its.callKeep.addEventListener("endCall", ends.push);
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  packages!.callKeep["endCall"]!(upper);
  await ends.count(1);
  expect(ends.all).toEqual([{ callUUID: uuid }]);
  phone.deliverPush({ ...push, callUUID: "6f1ad0a1-0002-4000-8000-00000000000b" });
  await phone.events.until("ringing.shown", ({ callUUID }) => callUUID.endsWith("b"));
  packages!.callKeep["reportEndCallWithUUID"]!("6f1ad0a1-0002-4000-8000-00000000000b", 4);
  expect((await phone.events.until("call.ended", ({ callUUID }) => callUUID.endsWith("b"))).why).toBe(
    "answeredElsewhere",
  );
  expect(ends.all).toHaveLength(1);
});

test("MISSED is the remote end on iOS, and a reason it does not know does nothing", async () => {
  let packages: Packages | undefined;
  const phone = await phoneWith("ios", (its) => {
    packages = its;
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  const { callKeep, constants } = packages!;
  expect(constants.END_CALL_REASONS).toMatchObject({ MISSED: 2, DECLINED_ELSEWHERE: 5 });
  callKeep["reportEndCallWithUUID"]!(uuid, 7);
  callKeep["reportEndCallWithUUID"]!(uuid, 6);
  await phone.events.until("call.ended");
  expect(phone.events.all.filter(({ kind }) => kind === "call.ended")).toMatchObject([{ why: "remoteEnded" }]);
});

test("a report the system filters is told by name", async () => {
  const displays = heard();
  const phone = await phoneWith(
    "ios",
    ({ callKeep }) => {
      callKeep.addEventListener("didDisplayIncomingCall", displays.push);
      callKeep["displayIncomingCall"]!(uuid, "alice", "Alice", "generic", false);
    },
    { conditions: { doNotDisturb: true } },
  );
  phone.user.open();
  await displays.count(1);
  expect(displays.all).toMatchObject([{ errorCode: "FilteredByDoNotDisturb", fromPushKit: "0", payload: "" }]);
});

test("a UUID that is none is a nil argument, of which the app dies", async () => {
  const phone = await phoneWith("ios", ({ callKeep }) => callKeep["displayIncomingCall"]!("123", "alice"));
  phone.user.open();
  const { message } = await phone.events.until("app.crashed");
  expect(message).toContain("UUID must not be nil");
  await phone.events.until("app.terminated", ({ why }) => why === "crashed");
});

test("setup from JavaScript is ignored once native code did it, and rejects without a name", async () => {
  const results: unknown[] = [];
  const phone = await phoneWith("ios", async ({ callKeep }) => {
    results.push(await callKeep.setup({ ios: { appName: "Other" } }));
    results.push(await callKeep.setup({ ios: {} }).catch((error: unknown) => error));
  });
  phone.user.open();
  await phone.events.until("js.loaded");
  expect(results).toEqual([undefined, 'RNCallKeep.setup: option "appName" is required']);
});

test("mute, hold and DTMF come back as events", async () => {
  const events = heard();
  const phone = await phoneWith("ios", ({ callKeep }) => {
    callKeep.addEventListener("answerCall", () => {
      callKeep["setMutedCall"]!(uuid, true);
      callKeep["setOnHold"]!(uuid, true);
    });
    callKeep.addEventListener("didPerformSetMutedCallAction", events.push);
    callKeep.addEventListener("didToggleHoldCallAction", events.push);
    callKeep.addEventListener("didActivateAudioSession", events.push);
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  phone.user.answer();
  await events.count(2);
  expect(events.all).toContainEqual({ muted: true, callUUID: uuid });
  expect(events.all).toContainEqual({ hold: true, callUUID: uuid });
});

test("a call shown by JavaScript ends as failed where the app does not say in time that it is reachable", async () => {
  const phone = await phoneWith(
    "ios",
    ({ callKeep }) => callKeep["displayIncomingCall"]!(uuid, "alice", "Alice", "generic", false),
    { appDelegate: { payload: { uuid: "/callUUID" }, setup: { appName: "App", displayCallReachabilityTimeout: 20 } } },
  );
  phone.user.open();
  expect((await phone.events.until("call.ended")).why).toBe("failed");
});

test("a reset of the provider empties its list and is told", async () => {
  const resets = heard();
  let packages: Packages | undefined;
  const phone = await phoneWith("ios", (its) => {
    packages = its;
    its.callKeep.addEventListener("didResetProvider", resets.push);
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  phone.device.resetProvider();
  await resets.count(1);
  expect(await packages!.callKeep["getCalls"]!()).toEqual([]);
});
