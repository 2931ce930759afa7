import { describe, expect, test } from "vitest";
import { androidNumbers } from "./android-numbers.ts";
import { runningAndroid, testAndroid } from "./testing/test-android.ts";

describe("the app's process on a simulated Android phone", () => {
  test("is started into sight by its user, and goes out of sight and to sleep", async () => {
    const phone = await testAndroid();
    phone.device.foreground();
    expect(phone.device.app()).toBe("starting");
    phone.clock.advance(500);
    expect(phone.lastParams()).toEqual({ token: "token-1" });
    phone.device.suspend();
    expect(phone.requests()).toEqual([
      "device.launch",
      "messagingService.onNewToken",
      "device.background",
      "device.suspend",
    ]);
    phone.device.foreground();
    expect(phone.requests()).toEqual(["device.foreground"]);
    expect(phone.news("app")).toEqual([
      { kind: "app.launched", why: "user" },
      { kind: "app.foregrounded" },
      { kind: "app.backgrounded" },
      { kind: "app.suspended" },
      { kind: "app.foregrounded" },
    ]);
  });

  test("that was started for a push comes into sight when its user opens it meanwhile", async () => {
    const phone = await testAndroid();
    phone.push("p");
    phone.device.foreground();
    phone.clock.advance(500);
    expect(phone.requests().slice(0, 2)).toEqual(["device.launch", "device.foreground"]);
  });

  test("is launched with its account, which may change, and asleep finds the new one only then", async () => {
    const phone = await runningAndroid();
    const account = {
      aor: "sip:a@example.test",
      username: "a",
      password: "p",
      displayName: "A",
      registrar: { transport: "udp", host: "127.0.0.1", port: 5060, domain: "example.test" },
    } as const;
    phone.device.changeAccount(account);
    expect(phone.requests()).toEqual(["account.changed"]);
    phone.device.suspend();
    phone.device.changeAccount(null);
    phone.device.setNetwork(false, "wifi");
    expect(phone.requests()).toEqual(["device.suspend"]);
    phone.device.terminate("out of memory");
    phone.device.boot();
    phone.clock.advance(500);
    expect(phone.lastParams()).toMatchObject({ platform: "android", reason: "boot", account: null, osVersion: "15" });
  });

  test("ends before it was launched when it is killed in its cold start", async () => {
    const phone = await testAndroid();
    phone.push("p");
    phone.device.terminate("out of memory");
    phone.clock.advance(60_000);
    expect(phone.requests()).toEqual([]);
    expect(phone.news("message")).toEqual([{ kind: "message.failed", push: "p", why: "out of memory" }]);
  });

  test("is started again only after its end was answered", async () => {
    let ended = (): void => {};
    const phone = await runningAndroid({ app: { "device.terminate": (_, reply) => (ended = reply) } });
    phone.device.terminate("out of memory");
    phone.push("p");
    phone.clock.advance(5_000);
    expect(phone.requests()).toEqual(["device.terminate"]);
    expect(phone.ask("wakeLock.acquire", {})).toMatchObject({ code: -32001 });
    ended();
    phone.clock.advance(500);
    expect(phone.requests()).toEqual(["device.launch", "messagingService.onMessageReceived"]);
  });

  test("is not heard any more once it has ended", async () => {
    let returned = (): void => {};
    const phone = await runningAndroid({
      app: { "messagingService.onMessageReceived": (_, reply) => (returned = reply) },
    });
    phone.push("p");
    phone.device.terminate("out of memory");
    phone.news();
    returned();
    expect(phone.news()).toEqual([]);
  });

  test("that crashes is gone, with what it was doing", async () => {
    const phone = await runningAndroid({ app: { "messagingService.onMessageReceived": () => {} } });
    phone.push("p");
    phone.news();
    phone.tell("device.died", { message: "null pointer" });
    expect(phone.device.app()).toBe("dead");
    expect(phone.news("app", "message")).toMatchObject([
      { kind: "message.failed", push: "p" },
      { kind: "app.terminated", why: "crashed", message: "null pointer" },
      { kind: "message.window-closed", handled: false },
    ]);
    phone.push("q");
    phone.clock.advance(500);
    expect(phone.requests().slice(-2)).toEqual(["device.launch", "messagingService.onMessageReceived"]);
  });

  test("that asks for something while it is suspended is told of", async () => {
    const phone = await runningAndroid();
    phone.device.suspend();
    phone.ask("wakeLock.acquire", {});
    expect(phone.news("app.ran")).toEqual([{ kind: "app.ran-while-suspended", method: "wakeLock.acquire" }]);
  });

  test("is left alone once the phone is closed, and no timer stays", async () => {
    const phone = await runningAndroid();
    phone.push("p");
    phone.ask("telecom.addNewIncomingCall", { connectionId: "c1", handle: "b", hasVideo: false });
    phone.news();
    phone.requests();
    phone.device.close();
    expect(phone.clock.pending()).toBe(0);
    phone.device.user.answer();
    phone.device.deliver({ messageId: "q", token: "token-1", data: {}, priority: "high", sentTimeMs: 0, ttlMs: 0 });
    expect(phone.requests()).toEqual([]);
    expect(phone.news()).toEqual([]);
  });
});

test("the numbers of a phone are the config's where it names them", () => {
  expect(androidNumbers({ coldStartMs: 1, unknown: 2 })).toMatchObject({ coldStartMs: 1, messageHandlerMs: 10_000 });
  expect(androidNumbers({})).not.toHaveProperty("unknown");
  expect(androidNumbers({ dozeMaintenanceWindowMs: 3 }).dozeMaintenanceWindowMs).toBe(3);
});
