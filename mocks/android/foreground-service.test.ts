import type { ForegroundType } from "../../harness/trace/android-event.ts";
import { describe, expect, test } from "vitest";
import { foregroundRefusal, type ForegroundFacts } from "./foreground-rules.ts";
import { runningAndroid, type TestAndroid, type TestAndroidOptions } from "./testing/test-android.ts";

const incoming = { style: "CallStyle", fullScreenIntent: true, actions: ["answer"] } as const;
const nothing: ForegroundFacts = {
  isVisible: false,
  isForegroundService: false,
  hasHighMessage: false,
  hasTelecomCall: false,
  hasUserAction: false,
  hasAnswered: false,
  manageOwnCalls: true,
};

describe("starting a foreground service", () => {
  const notAllowed = "ForegroundServiceStartNotAllowedException";
  test.each<[readonly ForegroundType[], Partial<ForegroundFacts>, string | undefined]>([
    [[], { isVisible: true }, "MissingForegroundServiceTypeException"],
    [["phoneCall"], {}, notAllowed],
    [["phoneCall"], { isVisible: true }, undefined],
    [["phoneCall"], { isForegroundService: true }, undefined],
    [["phoneCall"], { hasHighMessage: true }, undefined],
    [["phoneCall"], { hasTelecomCall: true }, undefined],
    [["phoneCall"], { hasUserAction: true }, undefined],
    [["phoneCall"], { isVisible: true, manageOwnCalls: false }, "SecurityException"],
    [["microphone"], { isVisible: true }, undefined],
    [["microphone"], { hasHighMessage: true }, "SecurityException"],
    [["phoneCall", "microphone"], { hasTelecomCall: true }, "SecurityException"],
    [["phoneCall", "microphone"], { isForegroundService: true }, "SecurityException"],
    [["phoneCall", "microphone"], { hasTelecomCall: true, hasAnswered: true }, undefined],
    [["camera"], { hasTelecomCall: true }, "SecurityException"],
    [["camera"], { hasUserAction: true, hasAnswered: true }, undefined],
    [["microphone"], { hasAnswered: true }, notAllowed],
  ])("of types %j where %j holds: %s", (types, facts, exception) => {
    expect(foregroundRefusal(types, { ...nothing, ...facts })?.exception).toBe(exception);
  });
});

function start(phone: TestAndroid, ...types: readonly ForegroundType[]): string {
  const answer = phone.ask("service.startForeground", { types });
  return "data" in answer ? (answer.data as { readonly name: string }).name : "started";
}

async function withoutTelecom(options: TestAndroidOptions = {}): Promise<TestAndroid> {
  return await runningAndroid({ telecom: "none", numbers: { freezeAfterMs: 0 }, ...options });
}

describe("the foreground service of a simulated Android phone", () => {
  test("may start as long as the window of a high message is open, and not by a normal one", async () => {
    const phone = await withoutTelecom();
    phone.push("n", { priority: "normal" });
    expect(start(phone, "phoneCall")).toBe("ForegroundServiceStartNotAllowedException");
    phone.push("p");
    phone.clock.advance(9_999);
    expect(start(phone, "phoneCall")).toBe("started");
    phone.ask("service.stopForeground", {});
    phone.clock.advance(1);
    expect(start(phone, "phoneCall")).toBe("ForegroundServiceStartNotAllowedException");
    expect(phone.news("service")).toMatchObject([
      { kind: "service.refused", types: ["phoneCall"] },
      { kind: "service.started", types: ["phoneCall"] },
      { kind: "service.stopped", why: "the app stopped it" },
      { kind: "service.refused" },
    ]);
  });

  test("does not start by a message that was sent as high and delivered as normal", async () => {
    const phone = await withoutTelecom({ settings: { deprioritised: true } });
    phone.push("p");
    expect(start(phone, "phoneCall")).toBe("ForegroundServiceStartNotAllowedException");
  });

  test("gets the microphone from the answer on, without Telecom by the tap on the notification", async () => {
    const phone = await withoutTelecom();
    phone.push("p");
    start(phone, "phoneCall");
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    expect(start(phone, "phoneCall", "microphone")).toBe("SecurityException");
    phone.device.user.answer();
    expect(start(phone, "phoneCall", "microphone")).toBe("started");
    expect(phone.device.foregroundTypes()).toEqual(["phoneCall", "microphone"]);
  });

  test("gets no microphone by a tap that declines, nor long after the answer where no call lives", async () => {
    const phone = await withoutTelecom();
    phone.ask("notification.post", { notificationId: 1, ...incoming, actions: ["answer", "decline"] });
    phone.device.user.decline();
    expect(start(phone, "microphone")).toBe("SecurityException");
    phone.device.user.answer();
    phone.clock.advance(10_000);
    expect(start(phone, "microphone")).toBe("ForegroundServiceStartNotAllowedException");
  });

  test.each(["notification", "telecom"] as const)(
    "gets the microphone while a call lives that was answered through %s",
    async (through) => {
      const phone = await runningAndroid();
      phone.ask("telecom.addNewIncomingCall", { connectionId: "c1", handle: "sip:b@example.test", hasVideo: false });
      phone.ask("notification.post", { notificationId: 1, ...incoming });
      expect(start(phone, "microphone")).toBe("SecurityException");
      phone.device.user.answer({ through });
      phone.clock.advance(60_000);
      expect(start(phone, "microphone", "camera")).toBe("started");
    },
  );

  test("may start for a call in Telecom as long as that has its priority", async () => {
    const phone = await runningAndroid({ numbers: { freezeAfterMs: 0 } });
    phone.ask("telecom.addNewIncomingCall", { connectionId: "c1", handle: "sip:b@example.test", hasVideo: false });
    phone.clock.advance(5_000);
    expect(start(phone, "phoneCall")).toBe("ForegroundServiceStartNotAllowedException");
    phone.ask("notification.post", { notificationId: 1, ...incoming });
    expect(start(phone, "phoneCall")).toBe("started");
  });

  test.each([
    ["in time", 9_999, "background"],
    ["too late", 10_000, "dead"],
  ] as const)("that was announced and started %s", async (_, afterMs, app) => {
    const phone = await withoutTelecom();
    phone.push("p");
    expect(phone.device.startForegroundService()).toEqual({ result: {} });
    phone.clock.advance(afterMs);
    start(phone, "phoneCall");
    phone.clock.advance(60_000);
    expect(phone.device.app()).toBe(app);
    const ends = phone.news("app.terminated");
    expect(ends).toEqual(
      app === "dead" ? [{ kind: "app.terminated", why: "ForegroundServiceDidNotStartInTimeException" }] : [],
    );
  });

  test("may not be announced from the background without an exemption", async () => {
    const phone = await withoutTelecom();
    expect(phone.device.startForegroundService()).toMatchObject({
      error: { data: { name: "ForegroundServiceStartNotAllowedException" } },
    });
  });

  test.each([
    ["stops", true, "background"],
    ["goes on", false, "dead"],
  ] as const)("has its time: an app that then %s", async (_, stops, app) => {
    const phone = await withoutTelecom({
      app: {
        "service.onTimeout": (_, reply, at) => {
          if (stops) at.ask("service.stopForeground", {});
          reply();
        },
      },
    });
    phone.push("p");
    start(phone, "phoneCall");
    phone.device.timeOutService();
    expect(phone.requests().at(-1)).toBe("service.onTimeout");
    phone.clock.advance(5_000);
    expect(phone.device.app()).toBe(app);
  });

  test("keeps the app running, and alive when its task is swiped away", async () => {
    const phone = await runningAndroid({ telecom: "none" });
    phone.device.foreground();
    start(phone, "phoneCall");
    phone.requests();
    phone.device.removeTask();
    expect(phone.requests()).toEqual(["device.background", "task.removed"]);
    phone.clock.advance(60_000);
    expect(phone.device.app()).toBe("background");
    phone.ask("service.stopForeground", {});
    phone.device.removeTask();
    expect(phone.requests()).toEqual(["task.removed", "device.terminate"]);
    expect(phone.device.app()).toBe("dead");
  });

  test("and wake locks end with the process", async () => {
    const phone = await withoutTelecom();
    phone.push("p");
    start(phone, "phoneCall");
    phone.ask("wakeLock.acquire", {});
    phone.ask("wakeLock.acquire", {});
    phone.ask("wakeLock.release", {});
    expect(phone.device.wakeLocks()).toBe(1);
    phone.device.terminate("out of memory");
    expect(phone.device.wakeLocks()).toBe(0);
    expect(phone.news("service", "wake-lock").map(({ kind }) => kind)).toEqual([
      "service.started",
      "wake-lock.acquired",
      "wake-lock.acquired",
      "wake-lock.released",
      "service.stopped",
      "wake-lock.released",
    ]);
  });
});
