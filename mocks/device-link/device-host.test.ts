import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveClock } from "../../harness/clock/clock.ts";
import type { Adapter } from "./adapter.ts";
import { deviceHost, type DeviceHost } from "./device-host.ts";
import type { Crossing } from "./json-rpc-peer.ts";
import { openAdapter } from "./open-adapter.ts";
import { testHarness, testProfile } from "./testing/link-profile.ts";
import { startTestAdapter } from "./testing/start-test-adapter.ts";

const push = { provider: "apns", param: "TEAM.org.example.app.voip" };
const clock = liveClock();
let adapter: Adapter;
const crossings: Crossing[] = [];
const waiting = new Map<string, () => void>();

beforeAll(async () => {
  adapter = await openAdapter({
    link: await startTestAdapter("conforming", clock),
    clock,
    harness: testHarness,
    profile: testProfile,
    onCrossing(crossing) {
      crossings.push(crossing);
      if ("method" in crossing.message) waiting.get(crossing.message.method)?.();
    },
  });
});
afterAll(async () => {
  await adapter.close();
});

/** Resolves when the app calls the method the next time. */
async function called(method: string): Promise<void> {
  await new Promise<void>((resolve) => waiting.set(method, resolve));
}

function host(options: Partial<Parameters<typeof deviceHost>[0]> = {}): DeviceHost {
  let issued = 0;
  crossings.length = 0;
  return deviceHost({ adapter, clock, issueToken: (platform) => `${platform}-${(issued += 1)}`, ...options });
}

/** What was sent to the app, as `method` or `method token`. */
function asked(): readonly string[] {
  return crossings.flatMap(({ direction, message }) => {
    if (direction !== "to-app" || message.kind !== "request") return [];
    const { token } = message.params as { readonly token?: string };
    return [token === undefined ? message.method : `${message.method} ${token}`];
  });
}

describe("a host of devices", () => {
  test("an iPhone gets a token at each launch, and its app is started for a push", async () => {
    const answered: string[] = [];
    const devices = host({
      answer(device, request) {
        answered.push(`${device.device} ${request.method}`);
        return { result: {} };
      },
    });
    const phone = await devices.launch({ platform: "ios", account: null, push });
    expect(phone.token).toBe("ios-1");
    const completed = called("pushRegistry.completion");
    await expect(phone.deliver({ id: "p1", payload: { callUUID: "u" } })).resolves.toEqual({
      kind: "result",
      result: {},
    });
    await completed;
    await phone.terminate("killed by the user");
    await expect(phone.rotateToken()).resolves.toBe("ios-2");
    const [first, second] = await Promise.all([
      phone.deliver({ id: "p2", payload: {} }),
      phone.deliver({ id: "p3", payload: {} }),
    ]);
    expect([first.kind, second.kind]).toEqual(["result", "result"]);
    expect(answered.slice(0, 2)).toEqual([
      "device-1 provider.reportNewIncomingCall",
      "device-1 pushRegistry.completion",
    ]);
    await devices.close();
    expect(devices.devices).toEqual([]);
    expect(asked()).toEqual([
      "device.launch",
      "pushRegistry.didUpdatePushCredentials ios-1",
      "pushRegistry.didReceiveIncomingPush",
      "device.terminate",
      "device.launch",
      "pushRegistry.didUpdatePushCredentials ios-2",
      "pushRegistry.didReceiveIncomingPush",
      "pushRegistry.didReceiveIncomingPush",
      "device.terminate",
    ]);
  });

  test("an Android phone gets a token once, and strings as the data of a message", async () => {
    const devices = host();
    const phone = await devices.launch({ platform: "android", account: null, push });
    const reported = called("telecom.addNewIncomingCall");
    await phone.deliver({
      id: "m1",
      payload: { callId: "c", video: true },
      priority: "normal",
      originalPriority: "high",
    });
    await reported;
    await phone.terminate("task removed");
    await phone.deliver({ id: "m2", payload: null, ttlMs: 0, sentTimeMs: 1, collapseKey: "call" });
    await devices.close();
    expect(asked()).toEqual([
      "device.launch",
      "messagingService.onNewToken android-1",
      "messagingService.onMessageReceived",
      "device.terminate",
      "device.launch",
      "messagingService.onMessageReceived",
      "device.terminate",
    ]);
    const handed = crossings.flatMap(({ message }) =>
      message.kind === "request" && message.method === "messagingService.onMessageReceived" ? [message.params] : [],
    );
    expect(handed).toMatchObject([
      {
        message: {
          messageId: "m1",
          data: { callId: "c" },
          priority: "normal",
          originalPriority: "high",
          ttlMs: 2_419_200_000,
        },
      },
      { message: { messageId: "m2", data: {}, priority: "high", sentTime: 1, ttlMs: 0, collapseKey: "call" } },
    ]);
  });

  test("an app that crashes is told of, and the next push starts it again", async () => {
    const crashes: string[] = [];
    const devices = host({ died: ({ device }, message) => crashes.push(`${device}: ${message}`) });
    const phone = await devices.launch({ platform: "ios", account: null, push });
    await expect(phone.deliver({ id: "p1", payload: { crash: true } })).resolves.toMatchObject({ kind: "error" });
    expect(crashes).toEqual(["device-1: never posted an incoming call"]);
    await expect(phone.deliver({ id: "p2", payload: {} })).resolves.toMatchObject({ kind: "result" });
    await devices.close();
  });
});
