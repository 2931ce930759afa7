import { describe, expect, test } from "vitest";
import { runningAndroid, testAndroid, type TestAndroid, type TestAndroidOptions } from "./testing/test-android.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const received = "messagingService.onMessageReceived";

/** An app that shows a notification for each message, as a calling app does. */
const showing: TestAndroidOptions["app"] = {
  [received]: ({ message }, reply, phone) => {
    show(phone, message.messageId);
    reply();
  },
};

function show(phone: TestAndroid, notificationId: string): void {
  phone.ask("notification.post", { notificationId, style: "CallStyle", fullScreenIntent: true, actions: ["answer"] });
}

describe("FCM's way to a simulated Android phone", () => {
  test.each([
    ["high", "awake", "at once", "high"],
    ["normal", "awake", "at once", "normal"],
    ["high", "in Doze", "at once", "high"],
    ["normal", "in Doze", "with the next maintenance window", "normal"],
    ["high", "deprioritised", "at once", "normal"],
    ["high", "deprioritised in Doze", "with the next maintenance window", "normal"],
  ] as const)("delivers a %s message to a phone that is %s %s, as %s", async (priority, how, when, delivered) => {
    const phone = await runningAndroid({
      numbers: { freezeAfterMs: 0 },
      settings: { doze: how.includes("Doze"), deprioritised: how.includes("deprioritised") },
    });
    phone.push("p", { priority });
    const stored = when === "at once" ? [] : [{ push: "p", why: "the phone is in Doze" }];
    expect(phone.news("push.stored")).toMatchObject(stored);
    expect(phone.requests()).toEqual(when === "at once" ? [received] : []);
    phone.clock.advance(5 * MINUTE_MS);
    expect(phone.lastParams()).toMatchObject({ message: { priority: delivered, originalPriority: priority } });
    expect(phone.events.filter(({ kind }) => kind === "push.delivered")).toMatchObject([
      { push: "p", copy: 1, priority: delivered },
    ]);
  });

  test.each([
    ["background", undefined, [received], "push.delivered"],
    ["foreground", undefined, [received], "push.delivered"],
    ["background", { title: "Call" }, [], "push.in-tray"],
    ["foreground", { title: "Call" }, [received], "push.delivered"],
  ] as const)(
    "an app in the %s gets a message with notification %j as the table of kinds says",
    async (life, notification, asked, event) => {
      const phone = await runningAndroid();
      if (life === "foreground") phone.device.foreground();
      phone.requests();
      phone.push("p", notification === undefined ? {} : { notification });
      expect(phone.requests()).toEqual(asked);
      expect(phone.news("push.")).toMatchObject([{ kind: event }]);
    },
  );

  test("starts a killed app, tells it its token once, and hands the message over after that", async () => {
    const phone = await testAndroid();
    phone.push("p");
    phone.clock.advance(499);
    expect(phone.requests()).toEqual([]);
    phone.clock.advance(1);
    expect(phone.requests()).toEqual(["device.launch", "messagingService.onNewToken", received]);
    phone.device.terminate("out of memory");
    phone.push("q");
    phone.clock.advance(500);
    expect(phone.requests()).toEqual(["device.terminate", "device.launch", received]);
    expect(phone.news("app.")).toEqual([
      { kind: "app.launched", why: "push" },
      { kind: "app.terminated", why: "out of memory" },
      { kind: "app.launched", why: "push" },
    ]);
    expect(phone.problems).toEqual([]);
  });

  test("wakes a suspended app", async () => {
    const phone = await runningAndroid();
    phone.device.suspend();
    phone.push("p");
    expect(phone.requests()).toEqual(["device.suspend", received]);
    expect(phone.news("app.")).toEqual([{ kind: "app.suspended" }, { kind: "app.woken", why: "push" }]);
  });

  test("gives nothing to an app that was forced to stop, until its user opens it", async () => {
    const phone = await runningAndroid();
    phone.device.forceStop();
    phone.push("p");
    phone.clock.advance(DAY_MS);
    expect(phone.requests()).toEqual(["device.terminate"]);
    expect(phone.news("push.")).toMatchObject([{ kind: "push.dropped", why: "the app was forced to stop" }]);
    phone.device.foreground();
    phone.clock.advance(500);
    phone.push("q");
    expect(phone.requests()).toEqual(["device.launch", received]);
  });

  test.each([
    [0, 0, "the phone has no network, and it was not to be stored"],
    [30_000, 30_001, "expired before delivery"],
    [30_000, 29_000, undefined],
    [28 * DAY_MS, 27 * DAY_MS, undefined],
  ] as const)(
    "keeps a message with %i ms to live for a phone without network, which is back after %i ms",
    async (ttlMs, awayMs, dropped) => {
      const phone = await runningAndroid({ numbers: { freezeAfterMs: 0 } });
      phone.device.setNetwork(false);
      phone.requests();
      phone.push("p", { ttlMs });
      phone.clock.advance(awayMs);
      phone.device.setNetwork(true);
      expect(phone.requests().includes(received)).toBe(dropped === undefined);
      const drops = phone.news("push.dropped");
      expect(drops).toEqual(
        dropped === undefined ? [] : [{ kind: "push.dropped", push: "p", token: "token-1", why: dropped }],
      );
    },
  );

  test("of a collapse key keeps the newest, and of a hundred and one messages without a key none", async () => {
    const phone = await runningAndroid();
    phone.device.setNetwork(false);
    phone.push("old", { collapseKey: "call" });
    phone.push("new", { collapseKey: "call" });
    expect(phone.news("push.")).toMatchObject([
      { kind: "push.stored", push: "old" },
      { kind: "push.stored", push: "new", replaces: "old" },
      { kind: "push.dropped", push: "old", why: "replaced by new" },
    ]);
    for (let n = 0; n <= 100; n += 1) phone.push(`p${n}`);
    const [deleted] = phone.news("push.deleted");
    expect(deleted?.kind === "push.deleted" && deleted.pushes.length).toBe(101);
    phone.device.setNetwork(true);
    expect(phone.news("push.delivered")).toMatchObject([{ push: "new" }]);
  });

  test("drops what was sent to a token that is no longer the phone's, and tells the app the new one", async () => {
    const phone = await runningAndroid();
    phone.device.rotateToken("token-2");
    phone.push("p", { token: "token-1" });
    expect(phone.requests()).toEqual(["messagingService.onNewToken"]);
    expect(phone.lastParams()).toEqual({ token: "token-2" });
    expect(phone.news()).toEqual([
      { kind: "token.issued", token: "token-2", previous: "token-1" },
      { kind: "push.dropped", push: "p", token: "token-1", why: "the token is no longer the phone's" },
    ]);
  });

  test("an app that was not running when its token changed is told at its next launch", async () => {
    const phone = await runningAndroid();
    phone.device.terminate("out of memory");
    phone.device.rotateToken("token-2");
    expect(phone.requests()).toEqual(["device.terminate"]);
    phone.device.foreground();
    phone.clock.advance(500);
    expect(phone.requests()).toEqual(["device.launch", "messagingService.onNewToken"]);
  });

  test("Doze ends when the user takes the phone, and what waited comes at once", async () => {
    const phone = await runningAndroid({ settings: { doze: true } });
    phone.push("p", { priority: "normal" });
    phone.device.foreground();
    expect(phone.news("doze", "push")).toMatchObject([{ kind: "push.stored" }, { kind: "doze.left" }, { push: "p" }]);
  });

  test("a high message opens the network in Doze for a while, and lets normal ones through", async () => {
    const phone = await runningAndroid({ settings: { doze: true } });
    expect(phone.device.hasNetwork()).toBe(false);
    phone.push("p");
    phone.clock.advance(9_999);
    expect(phone.device.hasNetwork()).toBe(true);
    phone.push("q", { priority: "normal" });
    expect(phone.requests()).toEqual([received, received]);
    phone.clock.advance(1);
    expect(phone.device.hasNetwork()).toBe(false);
  });

  test("the copies of a message are handed over one after the other", async () => {
    const phone = await runningAndroid();
    phone.push("p", { copies: 2 });
    expect(phone.requests()).toEqual([received, received]);
    expect(phone.news("push.delivered")).toMatchObject([{ copy: 1 }, { copy: 2 }]);
  });
});

describe("the window of onMessageReceived", () => {
  test.each([
    ["returns and shows the call", showing, { handled: true, shown: true }],
    ["returns and shows nothing", {}, { handled: true, shown: false }],
    ["does not return", { [received]: () => {} }, { handled: false, shown: false }],
  ] as const)("of a handler that %s closes after ten seconds", async (_, app, how) => {
    const phone = await runningAndroid({ app });
    phone.push("p");
    phone.clock.advance(9_999);
    expect(phone.news("message.window")).toEqual([{ kind: "message.window-opened", push: "p", forMs: 10_000 }]);
    phone.clock.advance(1);
    expect(phone.news("message.window")).toEqual([{ kind: "message.window-closed", push: "p", ...how }]);
  });

  test("ends with the process", async () => {
    const phone = await runningAndroid({ app: { [received]: () => {} } });
    phone.push("p");
    phone.news();
    phone.device.terminate("out of memory");
    expect(phone.news()).toMatchObject([
      { kind: "app.terminated" },
      { kind: "message.failed", push: "p", why: "out of memory" },
      { kind: "message.window-closed", handled: false },
    ]);
  });

  test("a message whose app is not launched fails", async () => {
    const phone = await testAndroid({
      app: { "device.launch": (_, reply) => reply({ code: -32003, message: "no" }) },
    });
    phone.push("p");
    phone.clock.advance(500);
    expect(phone.news("app.launch-failed", "message")).toMatchObject([
      { kind: "app.launch-failed" },
      { kind: "message.failed", push: "p" },
    ]);
    expect(phone.device.app()).toBe("dead");
  });

  test("an app that nothing keeps running is frozen ten seconds later", async () => {
    const phone = await runningAndroid();
    phone.push("p");
    phone.clock.advance(19_999);
    expect(phone.device.app()).toBe("background");
    phone.clock.advance(1);
    expect(phone.device.app()).toBe("suspended");
  });
});

describe("deprioritisation", () => {
  /** Sends high messages, one in a minute; gives what the last was delivered as. */
  function send(phone: TestAndroid, count: number): unknown {
    for (let n = 0; n < count; n += 1) {
      phone.push(`p${phone.clock.now()}`);
      phone.clock.advance(MINUTE_MS);
    }
    const delivered = phone.news("push.delivered").at(-1);
    return delivered?.kind === "push.delivered" ? delivered.priority : undefined;
  }

  test("comes after the configured number of high messages that showed nothing, and goes after seven days", async () => {
    const phone = await runningAndroid({ numbers: { deprioritiseAfter: 2 } });
    expect(send(phone, 2)).toBe("high");
    expect(send(phone, 1)).toBe("normal");
    phone.clock.advance(7 * DAY_MS);
    expect(send(phone, 1)).toBe("high");
  });

  test("never comes where the app shows something for each, is in sight, or the number is 0", async () => {
    expect(send(await runningAndroid({ app: showing }), 10)).toBe("high");
    expect(send(await runningAndroid({ numbers: { deprioritiseAfter: 0 } }), 10)).toBe("high");
    const visible = await runningAndroid();
    visible.device.foreground();
    expect(send(visible, 10)).toBe("high");
  });

  test("a duplicate that shows nothing new counts as one that showed nothing", async () => {
    const phone = await runningAndroid({ app: showing, numbers: { deprioritiseAfter: 1 } });
    phone.push("p", { copies: 2 });
    phone.clock.advance(MINUTE_MS);
    expect(send(phone, 1)).toBe("normal");
  });

  test("one notification is the work of one message, the oldest that showed nothing yet", async () => {
    const phone = await runningAndroid({ numbers: { deprioritiseAfter: 1 } });
    phone.push("p", { copies: 2 });
    show(phone, "p");
    phone.clock.advance(MINUTE_MS);
    expect(phone.news("message.window-closed")).toMatchObject([{ shown: true }, { shown: false }]);
    expect(send(phone, 1)).toBe("normal");
  });

  test.each([
    ["active", "high"],
    ["working-set", "high"],
    ["frequent", "normal"],
    ["rare", "normal"],
    ["restricted", "normal"],
  ] as const)(
    "the %s bucket, with one high message a day where it has a limit, delivers the second as %s",
    async (bucket, priority) => {
      const numbers = { highPerDayFrequent: 1, highPerDayRare: 1, highPerDayRestricted: 1 };
      const phone = await runningAndroid({ app: showing, numbers, settings: { bucket } });
      expect(send(phone, 2)).toBe(priority);
      phone.clock.advance(DAY_MS);
      expect(send(phone, 1)).toBe("high");
    },
  );
});
