import { expect, test } from "vitest";
import { testHarness, testProfile } from "../device-link/testing/link-profile.ts";
import { createReactNativeAdapter } from "./react-native-adapter.ts";

const account = {
  aor: "sip:bob@example.test",
  username: "bob",
  password: "secret",
  displayName: "Bob",
  registrar: { transport: "ws", host: "127.0.0.1", port: 5060, domain: "example.test" },
};
const launch = { platform: "ios", reason: "user", osVersion: "18.0", account, push: { provider: "apns", param: "x" } };

function adapter() {
  const said: { readonly id: number; readonly result?: unknown; readonly error?: { readonly code: number } }[] = [];
  let id = 0;
  const made = createReactNativeAdapter(
    { loadApp: () => {}, appDelegate: { payload: { uuid: "/callUUID" } } },
    (text) => said.push(JSON.parse(text)),
    { freshModules: () => {} },
  );
  return {
    ask(method: string, params: object) {
      made.receive(JSON.stringify({ jsonrpc: "2.0", id: (id += 1), method, params }));
      return said.find((one) => one.id === id);
    },
    close: () => made.close(),
  };
}

const hello = { protocol: "ringtrue.device/1", harness: testHarness, profile: testProfile };

test("it says what it is, and refuses what it does not know", () => {
  const { ask } = adapter();
  expect(ask("initialize", hello)?.result).toMatchObject({ platforms: ["ios"], transports: ["ws"] });
  expect(ask("probe.0a1b2c", {})?.error?.code).toBe(-32601);
  expect(ask("provider.reportNewIncomingCall", {})?.error?.code).toBe(-32601);
  expect(ask("device.launch", { device: "one" })?.error?.code).toBe(-32602);
});

test("devices of a platform it has, each launched once at a time", () => {
  const { ask, close } = adapter();
  ask("initialize", hello);
  expect(ask("device.foreground", { device: "one" })?.error?.code).toBe(-32001);
  expect(ask("device.launch", { device: "one", ...launch })?.result).toEqual({});
  expect(ask("device.launch", { device: "one", ...launch })?.error?.code).toBe(-32602);
  expect(ask("device.launch", { device: "two", ...launch })?.result).toEqual({});
  expect(ask("messagingService.onNewToken", { device: "one", token: "t" })?.error?.code).toBe(-32003);
  expect(ask("device.terminate", { device: "one", reason: "the test is over" })?.result).toEqual({});
  expect(ask("device.foreground", { device: "one" })?.error?.code).toBe(-32001);
  expect(ask("device.foreground", { device: "two" })?.result).toEqual({});
  expect(ask("device.launch", { device: "one", ...launch, platform: "android" })?.error?.code).toBe(-32003);
  expect(ask("device.launch", { device: "one", ...launch })?.result).toEqual({});
  close();
});
