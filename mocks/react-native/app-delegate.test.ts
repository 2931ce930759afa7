import { expect, test } from "vitest";
import { heard, phoneWith, uuid, type Packages } from "./testing/phone-with.ts";

const push = { callUUID: uuid, handle: "alice" };
const payload = { uuid: "/callUUID" };

test("a call is reported before the delegate returns, long before JavaScript is loaded", async () => {
  const phone = await phoneWith("ios", () => {}, { os: { jsBootMs: 50 } });
  phone.deliverPush(push);
  expect((await phone.events.until("push.returned")).reported).toBe(true);
  expect(phone.events.kinds).not.toContain("js.loaded");
  await phone.events.until("push.completed");
});

test.each(["no", "late"] as const)("an AppDelegate that reports %s is terminated by the system", async (report) => {
  const phone = await phoneWith("ios", () => {}, { appDelegate: { payload, report } });
  phone.deliverPush(push);
  expect((await phone.events.until("app.terminated")).why).toBe("unreported-push");
});

test("without native setup the first push of an installation finds no provider to report to", async () => {
  const phone = await phoneWith("ios", ({ callKeep }) => callKeep.setup({ ios: { appName: "App" } }), {
    appDelegate: { payload, setup: false },
  });
  phone.deliverPush(push);
  await phone.events.until("app.terminated");
  phone.user.open();
  await phone.events.until("js.loaded");
  phone.kill();
  phone.deliverPush(push);
  expect((await phone.events.until("ringing.shown")).callUUID).toBe(uuid);
});

test.each([
  ["native", 1],
  ["js", 1],
  ["both", 2],
  ["never", 0],
] as const)("completion by %s is called %i times", async (completion, times) => {
  const phone = await phoneWith("ios", ({ voipPush }) => voipPush["onVoipNotificationCompleted"]!(uuid), {
    appDelegate: { payload, completion },
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  if (times > 0) await phone.events.until("push.completed", (event) => event.times === times);
  phone.user.answer();
  await phone.events.until("audio.activated");
  expect(phone.events.all.filter(({ kind }) => kind === "push.completed")).toHaveLength(times);
});

test("a push whose UUID is none rings under a generated one", async () => {
  const phone = await phoneWith("ios", () => {});
  phone.deliverPush({ callUUID: "123" });
  await phone.events.until("push.completed");
  expect(phone.calls).toMatchObject([{ state: "ringing" }]);
});

test("a push that names no call is reported under a generated UUID and ended as failed", async () => {
  const phone = await phoneWith("ios", () => {});
  phone.deliverPush({ other: 1 });
  expect((await phone.events.until("call.ended")).why).toBe("failed");
  expect(phone.calls).toEqual([]);
});

test("a push registry that only JavaScript creates leaves the push waiting for it", async () => {
  const before: string[] = [];
  const phone = await phoneWith(
    "ios",
    ({ voipPush }) => {
      before.push(...phone.events.kinds);
      voipPush["registerVoipToken"]!();
    },
    { appDelegate: { payload, registersVoip: "js" } },
  );
  phone.deliverPush(push);
  await phone.events.until("ringing.shown");
  expect(before).toContain("push.received");
  expect(before).not.toContain("ringing.shown");
});

test("a call that native code knows is reported under the UUID it has", async () => {
  const known = "6f1ad0a1-0009-4000-8000-000000000009";
  const phone = await phoneWith("ios", () => {}, { appDelegate: { payload, knownCall: () => known } });
  phone.deliverPush(push);
  expect((await phone.events.until("ringing.shown")).callUUID).toBe(known);
});

test("token and push reach JavaScript, one listener for each type, the last one", async () => {
  const tokens = heard();
  const pushes = heard();
  let packages: Packages | undefined;
  const phone = await phoneWith("ios", (its) => {
    packages = its;
    const { voipPush } = its;
    voipPush.addEventListener("notification", () => pushes.push("the first listener"));
    voipPush.addEventListener("notification", pushes.push);
    voipPush.addEventListener("register", tokens.push);
  });
  phone.user.open();
  await phone.events.until("js.loaded");
  phone.deliverPush(push);
  await pushes.count(1);
  expect(pushes.all).toEqual([push]);
  packages!.voipPush["registerVoipToken"]!();
  await tokens.count(1);
  expect(tokens.all.at(-1)).toBe(phone.device.token());
});

test("what comes before the first listener is buffered, and what comes after the last one has gone is lost", async () => {
  const loads = heard();
  let packages: Packages | undefined;
  const phone = await phoneWith("ios", (its) => {
    packages = its;
    its.voipPush.addEventListener("didLoadWithEvents", loads.push);
  });
  phone.deliverPush(push);
  await loads.count(1);
  expect(loads.all).toEqual([
    [
      { name: "RNVoipPushRemoteNotificationsRegisteredEvent", data: phone.device.token() },
      { name: "RNVoipPushRemoteNotificationReceivedEvent", data: push },
    ],
  ]);
  packages!.voipPush["removeEventListener"]!("didLoadWithEvents");
  await new Promise((resolve) => setImmediate(resolve));
  phone.deliverPush({ ...push, callUUID: "6f1ad0a1-0002-4000-8000-00000000000b" });
  await phone.events.until("native.log", ({ message }) => message.includes("with no listeners registered"));
});
