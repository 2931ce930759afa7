import { describe, expect, test } from "vitest";
import { testIphone, uuids } from "./testing/test-iphone.ts";

const [uuid] = uuids;
const update = {};

describe("the app on a simulated iPhone", () => {
  test("is launched for the user, comes to the front and goes", async () => {
    const phone = await testIphone();
    expect(phone.device.app()).toBe("not-running");
    phone.device.foreground();
    phone.device.background();
    phone.device.foreground();
    phone.device.suspend();
    phone.device.foreground();
    phone.device.terminate("swiped away");
    expect(phone.news("kind", "why")).toEqual([
      { kind: "app.launched", why: "user" },
      { kind: "app.backgrounded" },
      { kind: "app.foregrounded" },
      { kind: "app.suspended" },
      { kind: "app.woken", why: "user" },
      { kind: "app.foregrounded" },
      { kind: "app.terminated", why: "swiped away" },
    ]);
    expect(phone.requests()).toEqual([
      "device.launch",
      "pushRegistry.didUpdatePushCredentials",
      "device.background",
      "device.foreground",
      "device.suspend",
      "device.foreground",
      "device.terminate",
    ]);
    expect(phone.problems).toEqual([]);
  });

  test("is suspended in the background when its time is over, and not while it has a call", async () => {
    const phone = await testIphone({ numbers: { backgroundExecutionMs: 1000 } });
    phone.device.foreground();
    phone.clock.advance(5000);
    phone.device.background();
    phone.clock.advance(999);
    expect(phone.device.app()).toBe("background");
    phone.clock.advance(1);
    expect(phone.device.app()).toBe("suspended");
    phone.device.rotateToken("bb");
    expect(phone.device.app()).toBe("background");
    phone.ask("provider.reportNewIncomingCall", { uuid, update });
    phone.clock.advance(20_000);
    expect(phone.device.app()).toBe("background");
    phone.ask("provider.reportCallEnded", { uuid, reason: "unanswered" });
    phone.clock.advance(1000);
    expect(phone.device.app()).toBe("suspended");
  });

  test("that runs after it agreed to sleep is told on, and one that still had something under way is not", async () => {
    let agree = (): void => {};
    const phone = await testIphone({ app: { "device.suspend": (_, reply) => void (agree = reply) } });
    phone.device.foreground();
    phone.device.suspend();
    phone.tell("log", { level: "info", message: "good night" });
    agree();
    expect(phone.news()).not.toContain("app.ran-while-suspended");
    phone.tell("log", { level: "info", message: "still here" });
    expect(phone.events.at(-1)).toEqual({ kind: "app.ran-while-suspended", method: "log" });
  });

  test("is launched for a push and then brought to the front by the user who comes meanwhile", async () => {
    let start = (): void => {};
    const phone = await testIphone({ app: { "device.launch": (_, reply) => void (start = reply) } });
    phone.device.deliver({ id: "p1", payload: {}, mustReport: false });
    phone.clock.advance(1500);
    phone.device.foreground();
    expect(phone.device.app()).toBe("launching");
    start();
    expect(phone.device.app()).toBe("foreground");
    expect(phone.news()).toEqual(["app.launched", "push.received", "push.returned", "app.foregrounded"]);
  });

  test("stays dead when the push it was launched for ends it, whoever wanted it in front", async () => {
    let start = (): void => {};
    const phone = await testIphone({ app: { "device.launch": (_, reply) => void (start = reply) } });
    phone.device.deliver({ id: "p1", payload: {} });
    phone.clock.advance(1500);
    phone.device.foreground();
    start();
    expect(phone.device.app()).toBe("not-running");
    expect(phone.events.at(-1)).toEqual({ kind: "app.terminated", why: "unreported-push" });
  });

  test("that is terminated before its launch was sent was never there", async () => {
    const phone = await testIphone();
    phone.device.deliver({ id: "p1", payload: {}, mustReport: false });
    phone.clock.advance(100);
    phone.device.terminate("out of memory");
    expect(phone.requests()).toEqual([]);
    phone.clock.advance(1500);
    expect(phone.requests()).toEqual([
      "device.launch",
      "pushRegistry.didUpdatePushCredentials",
      "pushRegistry.didReceiveIncomingPush",
    ]);
  });

  test("that dies while it is told to end has ended once, and the next process comes after it", async () => {
    const phone = await testIphone({ app: { "device.terminate": () => {} } });
    phone.device.foreground();
    phone.device.terminate("swiped away");
    phone.device.foreground();
    phone.news();
    phone.requests();
    phone.tell("device.died", { message: "boom" });
    expect(phone.requests()).toEqual([]);
    phone.clock.advance(0);
    expect(phone.requests()).toEqual(["device.launch", "pushRegistry.didUpdatePushCredentials"]);
    expect(phone.news()).toEqual(["app.launched"]);
    expect(phone.device.app()).toBe("foreground");
  });

  test("hears of another account without being woken, and is launched with it", async () => {
    const phone = await testIphone();
    const account = {
      aor: "sip:ann@example.test",
      username: "ann",
      password: "secret",
      displayName: "Ann",
      registrar: { transport: "udp", host: "127.0.0.1", port: 5060, domain: "example.test" },
    } as const;
    phone.device.foreground();
    phone.device.suspend();
    phone.device.changeAccount(account);
    expect(phone.device.app()).toBe("suspended");
    expect(phone.requests().at(-1)).toBe("account.changed");
    phone.device.terminate("swiped away");
    phone.device.foreground();
    expect(phone.asked.find(({ method, params }) => method === "device.launch" && params["account"] !== null)).toEqual({
      method: "device.launch",
      params: expect.objectContaining({ account }),
    });
  });

  test("hears of another network where it runs, when it runs again where it slept, and not at all where it is new", async () => {
    const phone = await testIphone();
    phone.device.changeNetwork(false);
    expect(phone.requests()).toEqual([]);
    phone.device.foreground();
    phone.device.changeNetwork(true, "cellular");
    expect(phone.asked.at(-1)?.params).toMatchObject({ reachable: true, interface: "cellular" });
    phone.device.suspend();
    phone.requests();
    phone.device.changeNetwork(false, "cellular");
    phone.device.changeNetwork(true, "wifi");
    expect(phone.requests()).toEqual([]);
    expect(phone.device.app()).toBe("suspended");
    phone.device.foreground();
    expect(phone.requests()).toEqual(["network.changed", "device.foreground"]);
    expect(phone.asked.find(({ params }) => params["interface"] === "wifi")?.params).toMatchObject({ reachable: true });
    phone.device.suspend();
    phone.device.changeNetwork(true, "cellular");
    phone.device.terminate("swiped away");
    phone.device.foreground();
    expect(phone.requests()).not.toContain("network.changed");
  });

  test("leaves no timer behind when the phone is closed, and the phone does nothing more", async () => {
    const phone = await testIphone();
    phone.device.foreground();
    phone.ask("provider.reportNewIncomingCall", { uuid, update });
    phone.device.user.answer(uuid);
    phone.ask("action.fulfill", { actionId: phone.actionId("answer") });
    phone.device.user.hangUp(uuid);
    phone.device.background();
    phone.device.terminate("swiped away");
    phone.device.deliver({ id: "p1", payload: {} });
    phone.news();
    phone.requests();
    phone.device.close();
    expect(phone.clock.pending()).toBe(0);
    phone.device.deliver({ id: "p2", payload: {} });
    phone.device.foreground();
    phone.clock.advance(10_000);
    expect(phone.news()).toEqual([]);
    expect(phone.requests()).toEqual([]);
  });
});
