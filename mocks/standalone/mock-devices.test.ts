import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { liveClock } from "../../harness/clock/clock.ts";
import { rfc8599 } from "../../scenarios/profiles/rfc8599.ts";
import { testAdapterFile } from "../device-link/testing/start-test-adapter.ts";
import type { LoggedPush } from "./logged-push.ts";
import { listenForMockDevices, startMockDevices, type DeviceEvent, type DeviceWorld } from "./mock-devices.ts";

function watched(platforms: readonly ("ios" | "android")[]): {
  readonly world: DeviceWorld;
  readonly happened: (event: Partial<DeviceEvent>) => Promise<DeviceEvent>;
} {
  const events: DeviceEvent[] = [];
  let tokens = 0;
  const one = { provider: "apns", param: "TEAM.topic", issueToken: () => `0${(tokens += 1)}` };
  return {
    world: {
      clock: liveClock(),
      harness: { name: "ringtrue", version: "0.0.0" },
      profile: rfc8599,
      push: Object.fromEntries(platforms.map((platform) => [platform, one])),
      account: null,
      onEvent: (event) => events.push(event),
    },
    happened: async (wanted) =>
      await expect
        .poll(() =>
          events.find((event) =>
            Object.entries(wanted).every(([name, value]) => event[name as keyof DeviceEvent] === value),
          ),
        )
        .toBeDefined()
        .then(() =>
          events.find((event) =>
            Object.entries(wanted).every(([name, value]) => event[name as keyof DeviceEvent] === value),
          )!,
        ),
  };
}

function pushTo(token: string, payload: unknown): LoggedPush {
  return {
    number: 7,
    service: "apns",
    receivedAtMs: 0,
    connection: "apns-1",
    method: "POST",
    path: "",
    headers: {},
    body: "",
    token,
    id: "projects/p/messages/0:1",
    scripted: false,
    became: "delivered",
    delivery: { payload, stored: false, priority: "high" },
    findings: [],
  };
}

test("a program's apps are handed what is pushed to their tokens, also after a new token and a new start", async () => {
  const { world, happened } = watched(["ios", "android"]);
  const devices = await startMockDevices(world, [process.execPath, testAdapterFile], new AbortController().signal);
  try {
    const [iphone, android] = devices.list();
    expect([iphone?.device, android?.device]).toEqual(["adapter-1.device-1", "adapter-1.device-2"]);
    devices.deliver(pushTo(iphone!.token, { callUUID: "6f1c2a3e" }));
    devices.deliver(pushTo("0000", {}));
    await happened({ kind: "handed", device: iphone!.device, push: 7, reply: "It was done." });
    await happened({ kind: "said", device: iphone!.device, method: "provider.reportNewIncomingCall" });
    const token = await devices.rotateToken(android!.device);
    expect(await devices.terminate(android!.device)).toBe(true);
    devices.deliver(pushTo(token!, { callUUID: "6f1c2a3e" }));
    await happened({ kind: "said", device: android!.device, method: "telecom.addNewIncomingCall" });
    await expect(devices.launch("ios")).rejects.toThrow("no adapter has room for one more ios app");
    expect([await devices.rotateToken("nobody"), await devices.terminate("nobody")]).toEqual([undefined, false]);
  } finally {
    await devices.close();
  }
});

test("apps that connect are launched on a device each, for the push services that run", async () => {
  const { world, happened } = watched(["ios"]);
  const devices = await listenForMockDevices(world);
  const env = { ...process.env, RINGTRUE_DEVICE_LINK_URL: devices.url };
  const app = spawn(process.execPath, [testAdapterFile], { env, stdio: "ignore" });
  try {
    await happened({ kind: "launched", platform: "ios" });
    expect(devices.list()).toHaveLength(1);
    await expect(devices.launch("android")).rejects.toThrow("the push service of android is not running");
    expect((await devices.launch("ios")).device).toBe("adapter-1.device-2");
    const ended = once(app, "exit");
    app.kill();
    await ended;
    expect(await happened({ kind: "adapter" })).toMatchObject({ why: expect.stringMatching(/\w/) as string });
    expect(devices.list()).toEqual([]);
  } finally {
    app.kill();
    await devices.close();
  }
});
