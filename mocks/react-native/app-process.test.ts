import { expect, test } from "vitest";
import { heard, phoneWith, uuid } from "./testing/phone-with.ts";

const push = { callUUID: uuid, handle: "alice" };

test("JavaScript is loaded its boot time after the native launch code, and every launch has modules of its own", async () => {
  const seen: unknown[] = [];
  const phone = await phoneWith("ios", ({ callKeep, reactNative }) => void seen.push(callKeep, reactNative));
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  expect(phone.events.kinds.indexOf("ringing.shown")).toBeLessThan(phone.events.kinds.indexOf("js.loaded"));
  phone.kill();
  phone.user.open();
  await phone.events.next("js.loaded");
  expect(seen[2]).not.toBe(seen[0]);
  expect(seen[3]).not.toBe(seen[1]);
});

test("timers, intervals and sockets of a killed app are gone, and nobody else's", async () => {
  const ticks = heard();
  const globals = { setTimeout, WebSocket: globalThis.WebSocket };
  const phone = await phoneWith("ios", async (_packages, { account }) => {
    setInterval(() => ticks.push("interval"), 5);
    const { host, port } = account!.registrar;
    const socket = new WebSocket(`ws://${host}:${port}/`, "sip");
    socket.addEventListener("close", () => ticks.push("close"));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    void Promise.resolve().then(() => setTimeout(() => ticks.push("after a promise"), 30));
  });
  phone.user.open();
  await phone.events.until("js.loaded");
  await ticks.count(1);
  const mine = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 60));
  phone.kill();
  // The process ends once it is told so, a few turns of the event loop later.
  await mine();
  const then = ticks.all.length;
  await mine();
  expect(ticks.all).toHaveLength(then);
  expect(ticks.all).not.toContain("close");
  expect(setTimeout).toBe(globals.setTimeout);
  expect(globalThis.WebSocket).toBe(globals.WebSocket);
});

test("of phones that start at once each app has a native side of its own", async () => {
  const told = heard();
  const phones = await Promise.all(
    ["alice", "bea", "carol"].map(
      async (handle) =>
        await phoneWith("ios", ({ callKeep }) => {
          callKeep.addEventListener("didDisplayIncomingCall", (event: { handle: string }) =>
            told.push([handle, event.handle]),
          );
        }),
    ),
  );
  for (const phone of phones) phone.user.open();
  await Promise.all(phones.map(async ({ events }) => await events.until("js.loaded")));
  for (const [at, handle] of ["alice", "bea", "carol"].entries()) phones[at]!.deliverPush({ callUUID: uuid, handle });
  await told.count(3);
  expect(told.all).toHaveLength(3);
  expect(told.all).toEqual(
    expect.arrayContaining([
      ["alice", "alice"],
      ["bea", "bea"],
      ["carol", "carol"],
    ]),
  );
});

test("a suspended app runs no code until the system calls it", async () => {
  const ticks = heard();
  const states = heard();
  const phone = await phoneWith("ios", ({ callKeep, reactNative }) => {
    reactNative.AppState.addEventListener("change", states.push);
    callKeep.addEventListener("didDisplayIncomingCall", ticks.push);
    setTimeout(() => ticks.push("timer"), 15);
  });
  phone.user.open();
  await phone.events.until("js.loaded");
  phone.user.leave();
  phone.suspend();
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(ticks.all).toEqual([]);
  phone.deliverPush(push);
  await ticks.count(2);
  expect(ticks.all[0]).toBe("timer");
  expect(states.all).toEqual(["background"]);
});

test("an exception in a callback is a crash, and the next push starts the app again", async () => {
  let launches = 0;
  const phone = await phoneWith("ios", ({ callKeep }) => {
    launches += 1;
    callKeep.addEventListener("answerCall", () => {
      throw new TypeError("undefined is not an object");
    });
  });
  phone.deliverPush(push);
  await phone.events.until("js.loaded");
  phone.user.answer();
  expect((await phone.events.until("app.crashed")).message).toBe("undefined is not an object");
  await phone.events.until("app.terminated", ({ why }) => why === "crashed");
  phone.deliverPush({ ...push, callUUID: "6f1ad0a1-0002-4000-8000-00000000000b" });
  await phone.events.next("js.loaded");
  expect(launches).toBe(2);
});

test("an app that cannot be imported crashes with what Node says", async () => {
  const phone = await phoneWith("ios", async () => {
    const name: string = "./not-there.js";
    await import(name);
  });
  phone.user.open();
  expect((await phone.events.until("app.crashed")).message).toContain("not-there");
});

test("Platform, alerts and modules of the app's own are there", async () => {
  const seen: unknown[] = [];
  const phone = await phoneWith(
    "android",
    ({ reactNative }) => {
      const { Platform, NativeModules, Alert } = reactNative;
      seen.push(
        Platform.OS,
        Platform.Version,
        Platform.select({ ios: 1, android: 2 }),
        NativeModules["Own"]!["greet"]!(),
      );
      Alert.alert("Hello");
    },
    { nativeModules: (_native, platform) => ({ Own: { greet: () => `from ${platform}` } }) },
  );
  phone.user.open();
  await phone.events.until("alert.shown", ({ alert }) => alert.title === "Hello");
  expect(seen).toEqual(["android", 35, 2, "from android"]);
});

test("log-out and the network's news reach the app", async () => {
  const news = heard();
  const phone = await phoneWith("android", (_packages, launch) => {
    launch.onAccount((account) => news.push({ account }));
    launch.onNetwork(news.push);
  });
  phone.user.open();
  await phone.events.until("js.loaded");
  phone.device.changeAccount(null);
  phone.device.setNetwork(false);
  await news.count(2);
  expect(news.all).toEqual([{ account: null }, { reachable: false }]);
});
