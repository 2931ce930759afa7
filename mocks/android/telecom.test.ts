import { describe, expect, test } from "vitest";
import { rpcCodes } from "../device-link/json-rpc.ts";
import type { AndroidSettings } from "./android-settings.ts";
import { nextCallState, nextConnectionState } from "./connection-state.ts";
import { runningAndroid, type TestAndroid, type TestAndroidOptions } from "./testing/test-android.ts";

const done = {};
const c1 = { connectionId: "c1" };
const c2 = { connectionId: "c2" };
const bob = { handle: "sip:bob@example.test", displayName: "Bob", hasVideo: false };

function refusal(domain: string, code: number, name: string) {
  return { code: rpcCodes.refusedBySystem, data: { domain, code, name } };
}

/** A self-managed app with calls that ring. */
async function ringing(options: TestAndroidOptions = {}, ...ids: readonly string[]): Promise<TestAndroid> {
  const phone = await runningAndroid(options);
  for (const connectionId of ids.length === 0 ? ["c1"] : ids) {
    phone.ask("telecom.addNewIncomingCall", { connectionId, ...bob });
    phone.ask("connection.setRinging", { connectionId });
  }
  phone.news();
  phone.requests();
  return phone;
}

async function coreRinging(options: TestAndroidOptions = {}, ...ids: readonly string[]): Promise<TestAndroid> {
  const phone = await runningAndroid({ telecom: "core", ...options });
  for (const connectionId of ids.length === 0 ? ["c1"] : ids)
    phone.ask("callsManager.addCall", { connectionId, ...bob, direction: "incoming" });
  phone.news();
  phone.requests();
  return phone;
}

function stateOf(phone: TestAndroid, connectionId = "c1"): string {
  return phone.device.calls().find((call) => call.connectionId === connectionId)?.state ?? "over";
}

describe("a connection", () => {
  test.each([
    ["INITIALIZING", "setInitialized", "NEW"],
    ["RINGING", "setInitialized", undefined],
    ["INITIALIZING", "setRinging", "RINGING"],
    ["NEW", "setRinging", "RINGING"],
    ["RINGING", "setRinging", undefined],
    ["RINGING", "setActive", "ACTIVE"],
    ["ACTIVE", "setOnHold", "HOLDING"],
    ["HOLDING", "setActive", "ACTIVE"],
    ["RINGING", "setDisconnected", "DISCONNECTED"],
    ["ACTIVE", "setDisconnected", "DISCONNECTED"],
    ["HOLDING", "setDisconnected", "DISCONNECTED"],
    ["DISCONNECTED", "setActive", undefined],
    ["DISCONNECTED", "setRinging", undefined],
    ["DISCONNECTED", "setDisconnected", undefined],
  ] as const)("that is %s comes by %s to %s", (state, move, next) => {
    expect(nextConnectionState(state, move)).toBe(next);
  });

  test.each([
    ["RINGING", "answer", "ACTIVE"],
    ["ACTIVE", "answer", undefined],
    ["DIALING", "answer", undefined],
    ["RINGING", "setActive", "ACTIVE"],
    ["DIALING", "setActive", "ACTIVE"],
    ["HOLDING", "setActive", "ACTIVE"],
    ["ACTIVE", "setInactive", "HOLDING"],
    ["RINGING", "setInactive", undefined],
    ["RINGING", "disconnect", "DISCONNECTED"],
    ["HOLDING", "disconnect", "DISCONNECTED"],
    ["DISCONNECTED", "disconnect", undefined],
    ["DISCONNECTED", "setActive", undefined],
  ] as const)("of Core-Telecom that is %s comes by %s to %s", (state, move, next) => {
    expect(nextCallState(state, move)).toBe(next);
  });
});

describe("a self-managed ConnectionService", () => {
  test("is asked for its connection, then to show its call, and goes through the states", async () => {
    const phone = await runningAndroid();
    expect(phone.ask("telecom.addNewIncomingCall", { ...c1, ...bob })).toEqual(done);
    expect(phone.requests()).toEqual([
      "connectionService.onCreateIncomingConnection",
      "connection.onShowIncomingCallUi",
    ]);
    for (const method of ["setRinging", "setActive", "setOnHold", "setActive"] as const)
      expect(phone.ask(`connection.${method}`, c1)).toEqual(done);
    phone.ask("connection.setDisconnected", { ...c1, cause: "REMOTE" });
    phone.ask("connection.destroy", c1);
    expect(phone.news("telecom", "connection")).toEqual([
      { kind: "telecom.call-added", ...c1, shownBy: "app" },
      { kind: "connection.state", ...c1, state: "NEW", asker: "telecom" },
      ...(["RINGING", "ACTIVE", "HOLDING", "ACTIVE"] as const).map((state) => ({
        kind: "connection.state",
        ...c1,
        state,
        asker: "app",
      })),
      { kind: "connection.state", ...c1, state: "DISCONNECTED", asker: "app", disconnectCause: "REMOTE" },
      { kind: "connection.destroyed", ...c1, disconnected: true },
    ]);
    expect(phone.device.calls()).toEqual([]);
  });

  test("tells Telecom of the call what Telecom tells it back", async () => {
    const phone = await runningAndroid({
      app: { "connectionService.onCreateIncomingConnection": () => {} },
    });
    phone.ask("telecom.addNewIncomingCall", { ...c1, ...bob });
    expect(phone.lastParams()).toEqual({ ...c1, extras: bob });
  });

  test("that makes no connection has no call", async () => {
    const phone = await runningAndroid({
      app: { "connectionService.onCreateIncomingConnection": (_, reply) => reply({ code: 1, message: "null" }) },
    });
    phone.ask("telecom.addNewIncomingCall", { ...c1, ...bob });
    expect(phone.device.calls()).toEqual([]);
    expect(phone.requests()).toEqual(["connectionService.onCreateIncomingConnection"]);
  });

  test("is ignored once its connection is disconnected or destroyed, and destroying without a cause is told apart", async () => {
    const phone = await ringing();
    phone.ask("connection.setDisconnected", { ...c1, cause: "MISSED" });
    expect(phone.ask("connection.setActive", c1)).toEqual(done);
    phone.ask("connection.destroy", c1);
    expect(phone.ask("connection.destroy", c1)).toEqual(done);
    expect(phone.news("connection.ignored").map((event) => "why" in event && event.why)).toEqual([
      "it is disconnected",
      "it is destroyed",
    ]);
    phone.ask("telecom.addNewIncomingCall", { ...c2, ...bob });
    phone.ask("connection.destroy", c2);
    expect(phone.news("connection.destroyed")).toMatchObject([{ ...c2, disconnected: false }]);
  });

  test("gets bad params for an id it never added or added already", async () => {
    const phone = await ringing();
    const bad = { code: rpcCodes.invalidParams };
    expect(phone.ask("connection.setActive", c2)).toMatchObject(bad);
    expect(phone.ask("telecom.addNewIncomingCall", { ...c1, ...bob })).toMatchObject(bad);
  });

  test.each<[string, Partial<AndroidSettings>, string | undefined]>([
    ["no other call", {}, undefined],
    ["a call that can be held", { otherCall: "holdable" }, undefined],
    ["a call that cannot be held", { otherCall: "unholdable" }, "another call cannot be held"],
    ["an emergency call", { otherCall: "emergency" }, "there is an emergency call"],
  ])("beside %s is refused where it has to be", async (_, settings, why) => {
    const phone = await runningAndroid({ settings });
    expect(phone.ask("telecom.addNewIncomingCall", { ...c1, ...bob })).toEqual(done);
    expect(phone.requests()[0]).toBe(
      why === undefined
        ? "connectionService.onCreateIncomingConnection"
        : "connectionService.onCreateIncomingConnectionFailed",
    );
    expect(phone.news("telecom.refused")).toEqual(why === undefined ? [] : [{ kind: "telecom.refused", ...c1, why }]);
  });

  test("has as many calls as Telecom keeps, and none without MANAGE_OWN_CALLS", async () => {
    const phone = await ringing({ numbers: { maxSelfManagedCalls: 1 } });
    phone.ask("telecom.addNewIncomingCall", { ...c2, ...bob });
    expect(phone.requests()).toEqual(["connectionService.onCreateIncomingConnectionFailed"]);
    phone.device.change({ manageOwnCalls: false });
    expect(phone.ask("telecom.addNewIncomingCall", { connectionId: "c3", ...bob })).toMatchObject(
      refusal("exception", 0, "SecurityException"),
    );
  });

  test("may find Telecom asking its user itself, beside a call that cannot be held", async () => {
    const phone = await runningAndroid({ settings: { otherCall: "unholdable", whenUnholdable: "own-ui" } });
    phone.ask("telecom.addNewIncomingCall", { ...c1, ...bob });
    phone.ask("connection.setRinging", c1);
    expect(phone.requests()).toEqual(["connectionService.onCreateIncomingConnection"]);
    expect(phone.device.user.answer()).toEqual({ kind: "done", through: "telecom" });
    phone.ask("connection.setActive", c1);
    expect(phone.news("ringing", "other-call")).toEqual([
      { kind: "ringing.shown", why: "telecom", surface: "in-call", ...c1 },
      { kind: "other-call.changed", otherCall: "none" },
      { kind: "ringing.ended", why: "the call is ACTIVE", ...c1 },
    ]);
  });

  test.each([
    ["answer", "connection.onAnswer"],
    ["decline", "connection.onReject"],
    ["abort", "connection.onAbort"],
    ["silence", "connection.onSilence"],
  ] as const)("that rings is asked to %s by %s", async (act, callback) => {
    const phone = await ringing();
    expect(phone.device.user[act]()).toEqual({ kind: "done", through: "telecom" });
    expect(phone.requests()).toEqual([callback]);
    expect(phone.lastParams()).toEqual(c1);
    expect(stateOf(phone)).toBe("RINGING");
  });

  test.each([
    ["hangUp", "ACTIVE", "connection.onDisconnect"],
    ["hold", "ACTIVE", "connection.onHold"],
    ["unhold", "HOLDING", "connection.onUnhold"],
  ] as const)("is asked to %s by its callback when it is %s", async (act, state, callback) => {
    const phone = await ringing();
    const impossible = phone.device.user[act]();
    phone.ask("connection.setActive", c1);
    if (state === "HOLDING") phone.ask("connection.setOnHold", c1);
    phone.requests();
    expect([impossible.kind, phone.device.user[act]().kind]).toEqual(["impossible", "done"]);
    expect(phone.requests()).toEqual([callback]);
  });

  test("may be told of one answer twice, as some phones do", async () => {
    const phone = await ringing();
    phone.device.user.answer();
    phone.device.user.answer();
    expect(phone.requests()).toEqual(["connection.onAnswer", "connection.onAnswer"]);
  });

  test("hears nothing more about a call that is over", async () => {
    const phone = await ringing();
    phone.ask("connection.setDisconnected", { ...c1, cause: "MISSED" });
    const { user } = phone.device;
    expect([user.answer({ connectionId: "c1" }), user.decline(), user.hangUp(), user.hold("c1"), user.abort()]).toEqual(
      Array.from({ length: 5 }, () => ({ kind: "impossible" })),
    );
    expect(phone.requests()).toEqual([]);
  });

  test("is asked to hold its active call when another becomes active, by either way", async () => {
    const phone = await ringing({}, "c1", "c2");
    phone.ask("connection.setActive", c1);
    phone.requests();
    phone.device.user.answer({ connectionId: "c2", through: "telecom" });
    expect(phone.requests()).toEqual(["connection.onHold", "connection.onAnswer"]);
    phone.ask("connection.setOnHold", c1);
    phone.ask("connection.setActive", c2);
    expect(phone.requests()).toEqual([]);
    phone.ask("connection.setActive", c1);
    expect(phone.requests()).toEqual(["connection.onHold"]);
    expect(phone.lastParams()).toEqual(c2);
  });

  test.each([
    ["holdable", "connection.onHold"],
    ["unholdable", "connection.onHold"],
    ["emergency", "connection.onDisconnect"],
  ] as const)("makes room for a %s call of another app", async (kind, callback) => {
    const phone = await ringing();
    phone.ask("connection.setActive", c1);
    phone.device.setOtherCall(kind);
    expect(phone.requests()).toEqual([callback]);
  });

  test("loses its calls with its process", async () => {
    const phone = await ringing();
    phone.device.terminate("out of memory");
    expect(phone.news("connection")).toEqual([
      { kind: "connection.state", ...c1, state: "DISCONNECTED", asker: "telecom", disconnectCause: "ERROR" },
    ]);
    expect(phone.device.user.answer()).toEqual({ kind: "impossible" });
  });

  test("tells what its call was when media started", async () => {
    const phone = await ringing();
    phone.tell("media.started", { callUUID: "c1" });
    phone.tell("media.stopped", { callUUID: "c9" });
    expect(phone.news("media")).toEqual([
      { kind: "media.started", callUUID: "c1", callState: "RINGING" },
      { kind: "media.stopped", callUUID: "c9", callState: "none" },
    ]);
  });
});

describe("Telecom's priority for a call the app shows", () => {
  const style = { style: "CallStyle", fullScreenIntent: true, actions: ["answer"] } as const;

  test("lasts for a grace without a CallStyle notification, and comes back with one", async () => {
    const phone = await ringing();
    phone.clock.advance(4_999);
    expect(phone.news("telecom")).toEqual([]);
    phone.clock.advance(1);
    phone.ask("notification.post", { notificationId: 1, ...style });
    phone.clock.advance(60_000);
    expect(phone.news("telecom")).toEqual([
      { kind: "telecom.priority-lost", ...c1 },
      { kind: "telecom.priority-regained", ...c1 },
    ]);
    phone.ask("notification.cancel", { notificationId: 1 });
    phone.clock.advance(5_000);
    expect(phone.news("telecom")).toEqual([{ kind: "telecom.priority-lost", ...c1 }]);
  });

  test("is not lost by a call that ends within the grace", async () => {
    const phone = await ringing();
    phone.ask("connection.setDisconnected", { ...c1, cause: "MISSED" });
    phone.clock.advance(60_000);
    expect(phone.news("telecom")).toEqual([]);
  });

  test("keeps the app from being frozen, and a notification of another style does not", async () => {
    const phone = await ringing();
    phone.ask("notification.post", { notificationId: 1, ...style });
    phone.clock.advance(60_000);
    expect(phone.device.app()).toBe("background");
    phone.ask("notification.post", { notificationId: 1, ...style, style: "standard" });
    phone.clock.advance(60_000);
    expect(phone.device.app()).toBe("suspended");
  });
});

describe("a managed ConnectionService", () => {
  test("has its calls on the system's screen, where the user answers", async () => {
    const phone = await ringing({ telecom: "managed" });
    expect(phone.device.calls()).toMatchObject([{ shownBy: "telecom", state: "RINGING" }]);
    expect(phone.device.user.answer()).toEqual({ kind: "done", through: "telecom" });
    expect(phone.requests()).toEqual(["connection.onAnswer"]);
    phone.ask("connection.setActive", c1);
    expect(phone.news("ringing")).toEqual([{ kind: "ringing.ended", why: "the call is ACTIVE", ...c1 }]);
  });

  test("has one call that rings at a time", async () => {
    const phone = await ringing({ telecom: "managed" });
    phone.ask("telecom.addNewIncomingCall", { ...c2, ...bob });
    expect(phone.requests()).toEqual(["connectionService.onCreateIncomingConnectionFailed"]);
  });

  test("is told when the user silences the ringer", async () => {
    const phone = await ringing({ telecom: "managed" });
    phone.device.user.silence();
    expect(phone.news("ringing")).toEqual([{ kind: "ringing.silenced", ...c1 }]);
    expect(phone.requests()).toEqual(["connection.onSilence"]);
  });
});

describe("Core-Telecom", () => {
  const add = { ...bob, direction: "incoming" } as const;

  test("rings from addCall on, and follows the app's call control", async () => {
    const phone = await runningAndroid({ telecom: "core" });
    expect(phone.ask("callsManager.addCall", { ...c1, ...add })).toEqual(done);
    expect(stateOf(phone)).toBe("RINGING");
    expect(phone.ask("callControl.answer", c1)).toEqual(done);
    expect(phone.ask("callControl.setInactive", c1)).toEqual(done);
    expect(stateOf(phone)).toBe("HOLDING");
    expect(phone.ask("callControl.setActive", c1)).toEqual(done);
    expect(phone.ask("callControl.disconnect", { ...c1, cause: "REMOTE" })).toEqual(done);
    expect(stateOf(phone)).toBe("over");
    expect(phone.ask("callControl.disconnect", { ...c1, cause: "REMOTE" })).toMatchObject(
      refusal("android.telecom.CallException", 3, "CODE_CALL_IS_NOT_BEING_TRACKED"),
    );
  });

  test("dials an outgoing call", async () => {
    const phone = await runningAndroid({ telecom: "core" });
    phone.ask("callsManager.addCall", { ...c1, ...add, direction: "outgoing" });
    expect(stateOf(phone)).toBe("DIALING");
  });

  test.each([
    ["LOCAL", true],
    ["REMOTE", true],
    ["MISSED", true],
    ["REJECTED", true],
    [undefined, true],
    ["ERROR", false],
    ["CANCELED", false],
    ["BUSY", false],
    ["ANSWERED_ELSEWHERE", false],
    ["UNKNOWN", false],
  ] as const)("disconnects with %s: %s", async (cause, isTaken) => {
    const phone = await coreRinging();
    const answer = phone.ask("callControl.disconnect", cause === undefined ? c1 : { ...c1, cause });
    expect(answer).toMatchObject(isTaken ? done : refusal("exception", 0, "IllegalArgumentException"));
    expect(stateOf(phone)).toBe(isTaken ? "over" : "RINGING");
  });

  test.each<[string, Partial<AndroidSettings>]>([
    ["a call that cannot be held", { otherCall: "unholdable" }],
    ["an emergency call", { otherCall: "emergency" }],
  ])("throws from addCall beside %s, and asks nothing", async (_, settings) => {
    const phone = await runningAndroid({ telecom: "core", settings });
    expect(phone.ask("callsManager.addCall", { ...c1, ...add })).toMatchObject(
      refusal("android.telecom.CallException", 5, "CODE_CALL_NOT_PERMITTED_AT_PRESENT_TIME"),
    );
    expect(phone.requests()).toEqual([]);
    expect(phone.device.calls()).toEqual([]);
  });

  test.each([
    ["answer", "callsManager.onAnswer", {}, "ACTIVE"],
    ["decline", "callsManager.onDisconnect", { cause: "REJECTED" }, "over"],
    ["hangUp", "callsManager.onDisconnect", { cause: "LOCAL" }, "over"],
    ["hold", "callsManager.onSetInactive", {}, "HOLDING"],
    ["unhold", "callsManager.onSetActive", {}, "ACTIVE"],
  ] as const)("asks for %s by %s, which holds once that has returned", async (act, callback, more, state) => {
    let returned = (): void => {};
    const phone = await coreRinging({ app: { [callback]: (_: unknown, reply: () => void) => (returned = reply) } });
    if (act !== "answer" && act !== "decline") phone.ask("callControl.setActive", c1);
    if (act === "unhold") phone.ask("callControl.setInactive", c1);
    const before = stateOf(phone);
    expect(phone.device.user[act]()).toEqual({ kind: "done", through: "telecom" });
    expect(phone.requests()).toEqual([callback]);
    expect(phone.lastParams()).toEqual({ ...c1, ...more });
    expect(stateOf(phone)).toBe(before);
    returned();
    expect(stateOf(phone)).toBe(state);
  });

  test.each([
    [
      "fails",
      (_: unknown, reply: (error: { code: number; message: string }) => void) => reply({ code: 9, message: "x" }),
    ],
    ["does not return in time", () => {}],
  ] as const)("ends a call whose callback %s", async (_, behaviour) => {
    const phone = await coreRinging({ app: { "callsManager.onAnswer": behaviour } });
    phone.device.user.answer();
    phone.clock.advance(4_999);
    phone.clock.advance(1);
    expect(phone.news("telecom.callback", "connection.state")).toMatchObject([
      { kind: "telecom.callback-failed", ...c1, callback: "callsManager.onAnswer" },
      { kind: "connection.state", state: "DISCONNECTED", disconnectCause: "ERROR", asker: "telecom" },
    ]);
    expect(stateOf(phone)).toBe("over");
  });

  test("does not hear of a callback that fails after its time", async () => {
    let fail = (): void => {};
    const phone = await coreRinging({
      app: { "callsManager.onAnswer": (_, reply) => (fail = () => reply({ code: 9, message: "x" })) },
    });
    phone.device.user.answer();
    phone.clock.advance(5_000);
    phone.news();
    fail();
    expect(phone.news()).toEqual([]);
  });

  test("holds the active call for the next one, and for another app's", async () => {
    const phone = await coreRinging({}, "c1", "c2");
    phone.ask("callControl.answer", c1);
    phone.ask("callControl.answer", c2);
    expect(phone.requests()).toEqual(["callsManager.onSetInactive"]);
    expect([stateOf(phone), stateOf(phone, "c2")]).toEqual(["HOLDING", "ACTIVE"]);
    phone.device.setOtherCall("holdable");
    expect(stateOf(phone, "c2")).toBe("HOLDING");
    phone.device.setOtherCall("emergency");
    expect(phone.device.calls()).toEqual([]);
  });
});

describe("an app without Telecom, or with the other interface", () => {
  test.each(["none", "core"] as const)("%s: a ConnectionService's request is not supported", async (telecom) => {
    const phone = await runningAndroid({ telecom });
    expect(phone.ask("telecom.addNewIncomingCall", { ...c1, ...bob })).toMatchObject({ code: rpcCodes.notSupported });
    expect(phone.device.user.answer()).toEqual({ kind: "impossible" });
  });

  test("self-managed: a request of Core-Telecom is not supported", async () => {
    const phone = await runningAndroid();
    expect(phone.ask("callControl.answer", c1)).toMatchObject({ code: rpcCodes.notSupported });
  });
});
