import { afterEach, expect, test } from "vitest";
import { simulatedPhone, type SimulatedPhone } from "../../mocks/react-native/index.ts";
import { callingApp } from "./phone.js";

const uuid = "6f1ad0a1-0001-4000-8000-00000000000a";
const push = { callUUID: uuid, callId: "call-1", handle: "alice", callerName: "Alice" };

let open: SimulatedPhone | undefined;
afterEach(async () => await open?.close());

async function phone<P extends "ios" | "android">(platform: P): Promise<SimulatedPhone<P>> {
  const made = await simulatedPhone<P>({ ...callingApp, platform, app: callingApp.loadApp });
  open = made;
  return made;
}

test("a push wakes an iPhone, the user answers before the INVITE, and the caller hangs up", async () => {
  const iphone = await phone("ios");
  iphone.deliverPush(push);
  await iphone.events.until("ringing.shown");
  iphone.user.answer();
  await iphone.sip.events.until("registered");
  expect(iphone.sip.bindings().at(-1)?.push.token).toBe(iphone.device.token());
  const call = iphone.sip.call({ callId: push.callId });
  const { response } = await call.events.until("answered");
  expect(Buffer.from(response.body).toString("utf8")).toContain("a=fingerprint:");
  await iphone.events.until("media.started");
  call.bye();
  expect((await iphone.events.until("call.ended")).why).toBe("remoteEnded");
});

test("a call answered on another phone stops ringing as that", async () => {
  const iphone = await phone("ios");
  iphone.deliverPush(push);
  await iphone.sip.events.until("registered");
  const call = iphone.sip.call({ callId: push.callId });
  await call.events.until("ringing");
  call.cancel("answered-elsewhere");
  expect((await iphone.events.until("call.ended")).why).toBe("answeredElsewhere");
});

test("declining on an Android phone rejects the call", async () => {
  const android = await phone("android");
  android.deliverPush(push);
  await android.events.until("ringing.shown");
  await android.sip.events.until("registered");
  const call = android.sip.call({ callId: push.callId });
  await call.events.until("ringing");
  android.user.decline();
  expect((await call.events.until("rejected")).status).toBe(603);
});

test("the user of an Android phone answers and hangs up", async () => {
  const android = await phone("android");
  android.deliverPush(push);
  await android.events.until("ringing.shown");
  await android.sip.events.until("registered");
  const call = android.sip.call({ callId: push.callId });
  await call.events.until("ringing");
  android.user.answer();
  await call.events.until("answered");
  await android.events.until("media.started", ({ callState }) => callState === "ACTIVE");
  android.user.hangUp();
  await call.events.until("bye-received");
  await android.events.until("wake-lock.released");
  expect(android.calls).toEqual([]);
});
