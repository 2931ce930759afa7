import { describe, expect, test } from "vitest";
import { testIphone, uuids, type Behaviour } from "./testing/test-iphone.ts";

const [uuid, other] = uuids;
const update = { remoteHandle: { type: "phoneNumber", value: "+15550100" } } as const;
const payload = { aps: {}, callUUID: uuid };

/** Reports before the delegate method returns, then calls the completion handler. */
const good: Behaviour = {
  "pushRegistry.didReceiveIncomingPush"({ pushId }, reply, app) {
    app.ask("provider.reportNewIncomingCall", { uuid, update });
    app.ask("pushRegistry.completion", { pushId });
    reply();
  },
};
const silent: Behaviour = {};
const blocked: Behaviour = { "pushRegistry.didReceiveIncomingPush": () => {} };

describe("tokens of the simulated iPhone", () => {
  test("are handed over after each launch, before anything else", async () => {
    const phone = await testIphone();
    phone.device.foreground();
    expect(phone.requests()).toEqual(["device.launch", "pushRegistry.didUpdatePushCredentials"]);
    phone.device.terminate("swiped away");
    phone.device.foreground();
    expect(phone.requests()).toEqual(["device.terminate", "device.launch", "pushRegistry.didUpdatePushCredentials"]);
    expect(phone.asked.at(-1)?.params).toMatchObject({ type: "voip", token: "aa" });
  });

  test("are handed over on rotation, waking the app, and at the next launch where none runs", async () => {
    const phone = await testIphone();
    phone.device.foreground();
    phone.device.suspend();
    phone.news();
    phone.device.rotateToken("bb");
    expect(phone.news()).toEqual(["token.issued", "app.woken"]);
    expect(phone.asked.at(-1)?.params).toMatchObject({ token: "bb" });
    phone.device.terminate("swiped away");
    phone.device.rotateToken("cc");
    phone.requests();
    phone.device.foreground();
    expect(phone.requests()).toEqual(["device.launch", "pushRegistry.didUpdatePushCredentials"]);
    expect(phone.asked.at(-1)?.params).toMatchObject({ token: "cc" });
    expect(phone.events.filter(({ kind }) => kind === "token.issued")).toEqual([
      { kind: "token.issued", token: "bb", previous: "aa" },
      { kind: "token.issued", token: "cc", previous: "bb" },
    ]);
  });

  test("that change while the app is being launched are handed over once, after the launch", async () => {
    let start = (): void => {};
    const phone = await testIphone({ app: { "device.launch": (_, reply) => void (start = reply) } });
    phone.device.foreground();
    phone.device.rotateToken("bb");
    expect(phone.requests()).toEqual(["device.launch"]);
    start();
    expect(phone.requests()).toEqual(["pushRegistry.didUpdatePushCredentials"]);
    expect(phone.asked.at(-1)?.params).toMatchObject({ token: "bb" });
  });

  test("that are void are taken back once, and not handed over at launch", async () => {
    const phone = await testIphone();
    phone.device.foreground();
    phone.requests();
    phone.device.invalidateToken();
    phone.device.invalidateToken();
    expect(phone.device.token()).toBeUndefined();
    phone.device.terminate("swiped away");
    phone.device.foreground();
    expect(phone.requests()).toEqual(["pushRegistry.didInvalidatePushToken", "device.terminate", "device.launch"]);
  });
});

describe("a push to the simulated iPhone", () => {
  test("starts a killed app after the cold start, with token and push at once", async () => {
    const phone = await testIphone({ app: good });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1499);
    expect(phone.requests()).toEqual([]);
    phone.clock.advance(1);
    expect(phone.requests()).toEqual([
      "device.launch",
      "pushRegistry.didUpdatePushCredentials",
      "pushRegistry.didReceiveIncomingPush",
    ]);
    expect(phone.asked[0]?.params).toMatchObject({ reason: "push", platform: "ios" });
    expect(phone.asked[2]?.params).toEqual({ device: "phone-1", pushId: "p1", type: "voip", payload });
    expect(phone.events).toEqual([
      { kind: "app.launched", why: "push" },
      { kind: "push.received", push: "p1", mustReport: true },
      { kind: "ringing.shown", why: "push", callUUID: uuid },
      { kind: "push.completed", push: "p1", times: 1 },
      { kind: "push.returned", push: "p1", reported: true },
    ]);
    expect(phone.clock.pending()).toBe(0);
    phone.clock.advance(60_000);
    expect(phone.device.app()).toBe("background");
  });

  test("wakes a suspended app", async () => {
    const phone = await testIphone({ app: good });
    phone.device.foreground();
    phone.device.suspend();
    phone.news();
    phone.device.deliver({ id: "p1", payload });
    expect(phone.news("kind", "why")).toEqual([
      { kind: "push.received" },
      { kind: "app.woken", why: "push" },
      { kind: "ringing.shown", why: "push" },
      { kind: "push.completed" },
      { kind: "push.returned" },
    ]);
  });

  test("that is not reported when the delegate method returns costs the app its life", async () => {
    const phone = await testIphone({ app: silent });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1500);
    expect(phone.news()).toEqual([
      "app.launched",
      "push.received",
      "push.returned",
      "push.unreported",
      "app.terminated",
    ]);
    expect(phone.requests().at(-1)).toBe("device.terminate");
    expect(phone.events.at(-1)).toEqual({ kind: "app.terminated", why: "unreported-push" });
  });

  test("that is not reported within the service's time costs the app its life, however long the delegate takes", async () => {
    const phone = await testIphone({ app: blocked });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1500 + 6999);
    expect(phone.device.app()).toBe("background");
    phone.clock.advance(1);
    expect(phone.events.slice(-2)).toEqual([
      { kind: "push.unreported", push: "p1", check: "service", count: 1 },
      { kind: "app.terminated", why: "unreported-push" },
    ]);
  });

  test("may be reported after the delegate method returned where only the service checks", async () => {
    const phone = await testIphone({ app: silent, numbers: { delegateReturnCheck: 0 } });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1500 + 6999);
    phone.ask("provider.reportNewIncomingCall", { uuid, update });
    phone.clock.advance(60_000);
    expect(phone.device.calls()).toMatchObject([{ callUUID: uuid, state: "ringing" }]);
    expect(phone.news()).toEqual(["app.launched", "push.received", "push.returned", "ringing.shown"]);
  });

  test.for([
    { what: "the system filters", conditions: { doNotDisturb: true }, reported: uuid },
    { what: "the system knows already", conditions: {}, reported: uuid },
  ])("is reported by a report of a call that $what", async ({ conditions, reported }) => {
    const phone = await testIphone({
      conditions,
      app: {
        "pushRegistry.didReceiveIncomingPush"(_, reply, app) {
          app.ask("provider.reportNewIncomingCall", { uuid: reported, update });
          reply();
        },
      },
    });
    phone.device.deliver({ id: "p1", payload, mustReport: true });
    phone.device.deliver({ id: "p2", payload, mustReport: true });
    phone.clock.advance(10_000);
    expect(phone.device.app()).not.toBe("not-running");
    expect(phone.news()).not.toContain("push.unreported");
  });

  test("is not reported by what is no UUID", async () => {
    const phone = await testIphone({
      app: {
        "pushRegistry.didReceiveIncomingPush"(_, reply, app) {
          expect(app.ask("provider.reportNewIncomingCall", { uuid: "123", update })).toMatchObject({ code: -32602 });
          reply();
        },
      },
    });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1500);
    expect(phone.news()).toContain("push.unreported");
  });

  test("is not enforced in the foreground or with a call, and no app before iOS 26.4 is told so", async () => {
    const phone = await testIphone();
    phone.device.foreground();
    phone.device.deliver({ id: "p1", payload });
    phone.device.background();
    phone.ask("provider.reportNewIncomingCall", { uuid: other, update });
    phone.device.deliver({ id: "p2", payload });
    expect(phone.events.filter(({ kind }) => kind === "push.received")).toEqual([
      { kind: "push.received", push: "p1", mustReport: false },
      { kind: "push.received", push: "p2", mustReport: false },
    ]);
    expect(phone.device.app()).toBe("background");
    expect(phone.events).toContainEqual({ kind: "ringing.shown", why: "invite", callUUID: other });
  });

  test.for([
    { osVersion: "18.0", told: undefined },
    { osVersion: "26.3", told: undefined },
    { osVersion: "26.4", told: false },
    { osVersion: "26.10", told: false },
    { osVersion: "27.0", told: false },
  ])("tells an app on iOS $osVersion in the foreground mustReport $told", async ({ osVersion, told }) => {
    const phone = await testIphone({ osVersion });
    phone.device.foreground();
    phone.device.deliver({ id: "p1", payload });
    expect(phone.asked.at(-1)?.params["mustReport"]).toBe(told);
  });

  test("of a plan that says what must be reported is told and enforced so", async () => {
    const phone = await testIphone();
    phone.device.foreground();
    phone.device.deliver({ id: "p1", payload, mustReport: false });
    expect(phone.device.app()).toBe("foreground");
    phone.device.deliver({ id: "p2", payload, mustReport: true });
    expect(phone.device.app()).toBe("not-running");
    expect(phone.events.filter(({ kind }) => kind === "push.received")).toEqual([
      { kind: "push.received", push: "p1", mustReport: false, told: false },
      { kind: "push.received", push: "p2", mustReport: true, told: true },
    ]);
  });

  test("waits until the delegate method of the one before it has returned", async () => {
    const returns: (() => void)[] = [];
    const phone = await testIphone({
      app: { "pushRegistry.didReceiveIncomingPush": (_, reply) => void returns.push(reply) },
    });
    phone.device.foreground();
    phone.device.deliver({ id: "p1", payload });
    phone.device.deliver({ id: "p2", payload });
    expect(returns).toHaveLength(1);
    returns[0]?.();
    expect(returns).toHaveLength(2);
  });

  test("is completed as often as the app says, and an unknown one not at all", async () => {
    const phone = await testIphone({ app: good });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1500);
    expect(phone.ask("pushRegistry.completion", { pushId: "p1" })).toEqual({});
    expect(phone.ask("pushRegistry.completion", { pushId: "p9" })).toMatchObject({ code: -32602 });
    expect(phone.events.filter(({ kind }) => kind === "push.completed")).toEqual([
      { kind: "push.completed", push: "p1", times: 1 },
      { kind: "push.completed", push: "p1", times: 2 },
    ]);
  });

  test("is withheld once too many were not reported, the waiting ones too", async () => {
    const phone = await testIphone({ app: silent, numbers: { unreportedPushLimit: 2 } });
    for (const id of ["p1", "p2", "p3"]) phone.device.deliver({ id, payload });
    phone.clock.advance(10_000);
    phone.device.deliver({ id: "p4", payload });
    phone.clock.advance(10_000);
    expect(phone.events.filter(({ kind }) => kind.startsWith("push.") && kind !== "push.returned")).toEqual([
      { kind: "push.received", push: "p1", mustReport: true },
      { kind: "push.unreported", push: "p1", check: "delegate", count: 1 },
      { kind: "push.received", push: "p2", mustReport: true },
      { kind: "push.unreported", push: "p2", check: "delegate", count: 2 },
      { kind: "push.blocked", count: 2 },
      { kind: "push.withheld", push: "p3", why: "too-many-unreported" },
      { kind: "push.withheld", push: "p4", why: "too-many-unreported" },
    ]);
    expect(phone.device.app()).toBe("not-running");
  });

  test("counts as unreported when the app crashes over it", async () => {
    const phone = await testIphone({ app: blocked });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1500);
    phone.tell("device.died", { message: "boom" });
    expect(phone.events.slice(1)).toEqual([
      { kind: "push.received", push: "p1", mustReport: true },
      { kind: "push.unreported", push: "p1", check: "crash", count: 1 },
      { kind: "app.terminated", why: "crashed", message: "boom" },
    ]);
  });

  test("blocks the app once, however many pushes one crash left unreported", async () => {
    const phone = await testIphone({ app: silent, numbers: { delegateReturnCheck: 0, unreportedPushLimit: 1 } });
    phone.device.deliver({ id: "p1", payload });
    phone.device.deliver({ id: "p2", payload });
    phone.clock.advance(1500);
    phone.news();
    phone.tell("device.died", { message: "boom" });
    expect(phone.news()).toEqual(["push.unreported", "push.blocked", "push.unreported", "app.terminated"]);
  });

  test("is withheld from an app that refuses to be launched", async () => {
    const phone = await testIphone({
      app: { "device.launch": (_, reply) => reply({ error: { code: -32603, message: "no" } }) },
    });
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(1500);
    expect(phone.news("kind", "push", "why")).toEqual([
      { kind: "app.launch-failed", why: 'It was refused with -32603 ("no").' },
      { kind: "push.withheld", push: "p1", why: "launch-failed" },
    ]);
  });

  test("that came while the app was dying starts the next process once the death is confirmed", async () => {
    let die = (): void => {};
    const phone = await testIphone({ app: { ...good, "device.terminate": (_, reply) => void (die = reply) } });
    phone.device.foreground();
    phone.device.terminate("swiped away");
    phone.device.deliver({ id: "p1", payload });
    phone.clock.advance(5000);
    expect(phone.requests().at(-1)).toBe("device.terminate");
    expect(phone.ask("provider.reportNewIncomingCall", { uuid, update })).toMatchObject({ code: -32001 });
    die();
    expect(phone.requests()).toEqual([
      "device.launch",
      "pushRegistry.didUpdatePushCredentials",
      "pushRegistry.didReceiveIncomingPush",
    ]);
  });
});
