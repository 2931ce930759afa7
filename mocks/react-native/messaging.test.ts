import { expect, test } from "vitest";
import { heard, phoneWith, type Packages } from "./testing/phone-with.ts";

type Handler = (message: Readonly<Record<string, unknown>>) => unknown;

function listening(background: Handler, foreground: Handler = () => {}) {
  return ({ messaging }: Packages): void => {
    const its = messaging["getMessaging"]!();
    messaging["setBackgroundMessageHandler"]!(its, background);
    messaging["onMessage"]!(its, foreground);
  };
}

test("a message of high priority starts a headless task, with a message whose data is strings", async () => {
  const messages = heard();
  const phone = await phoneWith(
    "android",
    listening(async (message) => messages.push(message)),
  );
  phone.deliverPush({ callUUID: "x", hasVideo: true, ring_timeout: 30 });
  await messages.count(1);
  expect(messages.all).toMatchObject([
    {
      data: { callUUID: "x", hasVideo: "true", ring_timeout: "30" },
      priority: 1,
      originalPriority: 1,
      ttl: 0,
    },
  ]);
  await phone.events.until("wake-lock.released");
});

test("in the foreground onMessage gets it, and the background handler does not", async () => {
  const behind = heard();
  const front = heard();
  const phone = await phoneWith("android", listening(behind.push, front.push));
  phone.user.open();
  await phone.events.until("js.loaded");
  phone.deliverPush({ callUUID: "x" });
  await front.count(1);
  expect(behind.all).toEqual([]);
  expect(phone.events.kinds).not.toContain("wake-lock.acquired");
});

test("normal priority cannot start a task in the background: the message is lost", async () => {
  const phone = await phoneWith(
    "android",
    listening(() => {}),
  );
  phone.device.deliver({
    messageId: "m",
    token: phone.device.token(),
    data: {},
    priority: "normal",
    sentTimeMs: Date.now(),
    ttlMs: 60_000,
  });
  await phone.events.until("native.log", ({ message }) => message.includes("priority is set to 'high'"));
  expect(phone.events.kinds).not.toContain("wake-lock.acquired");
});

test("a task that does not settle is given up, and the wake lock released", async () => {
  const phone = await phoneWith(
    "android",
    listening(async () => await new Promise(() => {})),
    { os: { headlessTaskMs: 40 } },
  );
  phone.deliverPush({ callUUID: "x" });
  await phone.events.until("wake-lock.released");
  expect(phone.events.all).toContainEqual(
    expect.objectContaining({ kind: "native.log", message: expect.stringContaining("has had its 40 ms") }),
  );
});

test("a handler that throws releases the wake lock, and the app lives on", async () => {
  const phone = await phoneWith(
    "android",
    listening(() => {
      throw new TypeError("no");
    }),
  );
  phone.deliverPush({ callUUID: "x" });
  await phone.events.until("wake-lock.released");
  expect(phone.device.app()).not.toBe("dead");
});

test("an app without the task loses the message", async () => {
  const phone = await phoneWith("android", () => {});
  phone.deliverPush({ callUUID: "x" });
  const { message } = await phone.events.until("native.log");
  expect(message).toBe("No task registered for key ReactNativeFirebaseMessagingHeadlessTask");
  await phone.events.until("wake-lock.released");
});

test("the token is what the phone has, also after a new start, and a new one is told", async () => {
  const tokens = heard();
  const phone = await phoneWith("android", async ({ messaging }) => {
    const its = messaging["getMessaging"]!();
    messaging["onTokenRefresh"]!(its, tokens.push);
    tokens.push(await messaging["getToken"]!(its));
  });
  phone.user.open();
  await phone.events.until("js.loaded");
  phone.kill();
  phone.user.open();
  await phone.events.next("js.loaded");
  expect(new Set(tokens.all)).toEqual(new Set([phone.device.token()]));
  phone.device.rotateToken("another");
  await tokens.count(tokens.all.length + 1);
  expect(tokens.all.at(-1)).toBe("another");
});

test("it loads on iOS too, where it is asked for the permission", async () => {
  const results: unknown[] = [];
  const phone = await phoneWith("ios", async ({ messaging }) => {
    const its = messaging["getMessaging"]!();
    results.push(await messaging["requestPermission"]!(its), await messaging["getIsHeadless"]!(its));
  });
  phone.user.open();
  await phone.events.until("js.loaded");
  expect(results).toEqual([1, false]);
});
