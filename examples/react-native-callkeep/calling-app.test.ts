import { afterEach, describe, expect, test } from "vitest";
import { simulatedPhone, type SimulatedPhone, type SimulatedPhoneOptions } from "../../mocks/react-native/index.ts";
import { callingApp } from "./phone.js";

const uuid = "6f1ad0a1-0001-4000-8000-00000000000a";
const push = {
  callUUID: uuid.toUpperCase(),
  callId: "call-1",
  handle: "alice",
  callerName: "Alice",
  hasVideo: "false",
};

let open: SimulatedPhone[] = [];
afterEach(async () => {
  await Promise.all(open.map(async (phone) => await phone.close()));
  open = [];
});

async function phone<P extends "ios" | "android">(
  platform: P,
  options: Partial<SimulatedPhoneOptions<P>> = {},
): Promise<SimulatedPhone<P>> {
  const made = await simulatedPhone<P>({ ...callingApp, platform, app: callingApp.loadApp, ...options });
  open.push(made);
  return made;
}

describe("on a sleeping iPhone", () => {
  test("a push rings at once, the app boots and registers, the INVITE is answered by the user, and the caller hangs up", async () => {
    const iphone = await phone("ios");
    iphone.deliverPush(push);
    await iphone.events.until("ringing.shown");
    expect(iphone.sip.bindings()).toEqual([]);

    await iphone.sip.events.until("registered");
    const [binding] = iphone.sip.bindings();
    expect(binding?.push).toMatchObject({ provider: "apns", token: iphone.device.token() });

    const call = iphone.sip.call({ callId: push.callId });
    await call.events.until("ringing");
    expect(iphone.user.answer()).toBe(true);
    await call.events.until("answered");
    await iphone.events.until("media.started", ({ audio }) => audio === "active");
    expect(iphone.calls).toEqual([{ id: uuid, state: "connected" }]);

    call.bye();
    await iphone.events.until("call.ended", ({ why }) => why === "remoteEnded");
    expect(iphone.calls).toEqual([]);
    expect(iphone.events.kinds.filter((kind) => kind === "ringing.shown")).toHaveLength(1);
    expect(iphone.events.kinds).not.toContain("link.problem");
  });

  test("an answer before the INVITE, even before JavaScript is loaded, is carried out when the INVITE comes", async () => {
    const iphone = await phone("ios", { os: { jsBootMs: 60 } });
    iphone.deliverPush(push);
    await iphone.events.until("ringing.shown");
    iphone.user.answer();
    await iphone.events.until("call.connected");
    expect(iphone.events.kinds).not.toContain("js.loaded");

    await iphone.sip.events.until("registered");
    const call = iphone.sip.call({ callId: push.callId });
    await call.events.until("answered");
    await iphone.events.until("media.started");
    expect(call.events.kinds.filter((kind) => kind === "answered")).toHaveLength(1);
  });

  test("a call the user declined before its INVITE is rejected when that comes, and never rings again", async () => {
    const iphone = await phone("ios");
    iphone.deliverPush(push);
    await iphone.events.until("ringing.shown");
    iphone.user.decline();
    await iphone.events.until("call.ended");
    await iphone.sip.events.until("registered");
    const call = iphone.sip.call({ callId: push.callId });
    expect((await call.events.until("rejected")).status).toBe(603);
    expect(iphone.events.kinds.filter((kind) => kind === "ringing.shown")).toHaveLength(1);
  });

  test.each([
    ["plain", "remoteEnded"],
    ["completed-elsewhere", "answeredElsewhere"],
    ["declined-elsewhere", "declinedElsewhere"],
  ] as const)("a %s CANCEL ends the ringing as %s", async (form, why) => {
    const iphone = await phone("ios");
    iphone.deliverPush(push);
    await iphone.sip.events.until("registered");
    const call = iphone.sip.call({ callId: push.callId });
    await call.events.until("ringing");
    call.cancel(form);
    expect((await iphone.events.until("call.ended")).why).toBe(why);
    await call.events.until("rejected", ({ status }) => status === 487);
  });

  test("the user hangs up, and the caller gets one BYE", async () => {
    const iphone = await phone("ios");
    iphone.deliverPush(push);
    await iphone.sip.events.until("registered");
    const call = iphone.sip.call({ callId: push.callId });
    await call.events.until("ringing");
    iphone.user.answer();
    await call.events.until("answered");
    await iphone.events.until("media.started");
    iphone.user.hangUp();
    await call.events.until("bye-received");
    await iphone.events.until("media.stopped");
    expect(iphone.sip.messages.all.filter(({ kind, text }) => kind === "in" && text.startsWith("BYE"))).toHaveLength(1);
  });

  test("a killed app has forgotten its calls, and the next push starts it again", async () => {
    const iphone = await phone("ios");
    iphone.deliverPush(push);
    await iphone.sip.events.until("registered");
    const call = iphone.sip.call({ callId: push.callId });
    await call.events.until("ringing");
    iphone.kill();
    await call.events.until("failed");

    const second = { ...push, callUUID: "6f1ad0a1-0002-4000-8000-00000000000b", callId: "call-2" };
    iphone.deliverPush(second);
    await iphone.sip.events.next("registered");
    expect(iphone.sip.bindings()).toHaveLength(1);
    const again = iphone.sip.call({ callId: second.callId });
    await again.events.until("ringing");
    expect(iphone.calls).toEqual([{ id: second.callUUID, state: "ringing" }]);
    expect(iphone.events.kinds.filter((kind) => kind === "js.loaded")).toHaveLength(2);
  });
});

test("an INVITE that came before its push rings once, under one UUID", async () => {
  const iphone = await phone("ios");
  iphone.user.open();
  await iphone.sip.events.until("registered");
  const call = iphone.sip.call({ callId: push.callId });
  await iphone.events.until("ringing.shown");
  await call.events.until("ringing");
  iphone.deliverPush(push);
  await iphone.events.until("push.completed");
  expect(iphone.calls).toHaveLength(1);
  iphone.user.answer();
  await call.events.until("answered");
});

test("under Do Not Disturb the app stays silent, and the caller is not answered", async () => {
  const iphone = await phone("ios", { conditions: { doNotDisturb: true } });
  iphone.deliverPush(push);
  await iphone.sip.events.until("registered");
  const call = iphone.sip.call({ callId: push.callId });
  expect((await call.events.until("rejected")).status).toBe(480);
  expect(iphone.events.kinds).not.toContain("ringing.shown");
});

test("a call that is held is held towards the caller, and has media again when it is resumed", async () => {
  const iphone = await phone("ios");
  iphone.deliverPush(push);
  await iphone.sip.events.until("registered");
  const call = iphone.sip.call({ callId: push.callId });
  await call.events.until("ringing");
  iphone.user.answer();
  await iphone.events.until("media.started");
  const directions: (string | undefined)[] = [];
  for (const onHold of [true, false]) {
    iphone.device.user.setHeld(uuid, onHold);
    await call.events.next("request-received", ({ request }) => request.method === "INVITE");
    const sent = iphone.sip.messages.all.findLast(({ kind, text }) => kind === "in" && text.startsWith("INVITE"));
    directions.push(/^a=(send\w+)/m.exec(sent?.text ?? "")?.[1]);
    await iphone.events.next(onHold ? "media.stopped" : "media.started");
  }
  expect(directions).toEqual(["sendonly", "sendrecv"]);
});

test("on another network the app connects and registers again; a log-out does not name its token", async () => {
  const iphone = await phone("ios");
  iphone.user.open();
  await iphone.sip.events.until("registered");
  iphone.device.changeNetwork(true, "cellular");
  await iphone.sip.events.next("registered");
  iphone.device.changeAccount(null);
  const { text } = await iphone.sip.messages.until("in", (one) => /expires[=:] ?0/i.test(one.text));
  expect(text).toContain("pn-provider=apns");
  expect(text).not.toContain("pn-prid");
});

describe("on an Android phone", () => {
  test("a message rings through Telecom and the app's own notification, and is answered there", async () => {
    const android = await phone("android");
    android.deliverPush(push);
    await android.events.until("ringing.shown");
    await android.sip.events.until("registered");
    const call = android.sip.call({ callId: push.callId });
    await call.events.until("ringing");
    expect(android.user.answer()).toBe(true);
    await call.events.until("answered");
    await android.events.until("connection.state", ({ state }) => state === "ACTIVE");
    await android.events.until("media.started", ({ callState }) => callState === "ACTIVE");
    call.bye();
    const ended = await android.events.until("connection.state", ({ state }) => state === "DISCONNECTED");
    expect(ended.disconnectCause).toBe("REMOTE");
    await android.events.until("notification.cancelled");
    await android.events.until("wake-lock.released");
    expect(android.events.kinds).not.toContain("notification.withheld");
  });

  test("declining in the notification rejects the call", async () => {
    const android = await phone("android");
    android.deliverPush(push);
    await android.events.until("ringing.shown");
    await android.sip.events.until("registered");
    const call = android.sip.call({ callId: push.callId });
    await call.events.until("ringing");
    expect(android.user.decline()).toBe(true);
    expect((await call.events.until("rejected")).status).toBe(603);
    await android.events.until("connection.destroyed", ({ disconnected }) => disconnected);
    expect(android.calls).toEqual([]);
  });

  test("the caller hangs up while it rings: it is a missed call", async () => {
    const android = await phone("android");
    android.deliverPush(push);
    await android.events.until("ringing.shown");
    await android.sip.events.until("registered");
    const call = android.sip.call({ callId: push.callId });
    await call.events.until("ringing");
    call.cancel();
    const ended = await android.events.until("connection.state", ({ state }) => state === "DISCONNECTED");
    expect(ended.disconnectCause).toBe("MISSED");
    await android.events.until("ringing.ended");
  });

  test("what Telecom refuses is rejected as busy", async () => {
    const android = await phone("android", { conditions: { otherCall: "emergency" } });
    android.deliverPush(push);
    await android.events.until("telecom.refused");
    await android.sip.events.until("registered");
    const call = android.sip.call({ callId: push.callId });
    expect((await call.events.until("rejected")).status).toBe(486);
    expect(android.device.notifications()).toEqual([]);
  });
});
