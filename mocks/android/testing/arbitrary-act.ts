import * as fc from "fast-check";
import type { TestAndroid } from "./test-android.ts";

const id = fc.constantFrom("c1", "c2", "c3");
const cause = fc.constantFrom("REMOTE", "MISSED", "REJECTED", "ERROR");
/** Something that happens to a phone. */
export type Act = (phone: TestAndroid) => unknown;
const call = { handle: "sip:b@example.test", hasVideo: false };

/** Anything the app, the system, the push service or the user may do, in any order. */
export const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ ms: fc.constantFrom(1, 500, 4_999, 5_000, 10_000, 60_000, 300_000) }).map(
    ({ ms }): Act =>
      (phone) =>
        phone.clock.advance(ms),
  ),
  fc
    .record({
      push: fc.constantFrom("p1", "p2", "p3"),
      priority: fc.constantFrom("high", "normal"),
      ttlMs: fc.constantFrom(0, 30_000),
      copies: fc.constantFrom(1, 2),
    })
    .map(
      ({ push, ...change }): Act =>
        (phone) =>
          phone.push(push, change),
    ),
  id.map(
    (connectionId): Act =>
      (phone) =>
        phone.ask("telecom.addNewIncomingCall", { connectionId, ...call }),
  ),
  id.map(
    (connectionId): Act =>
      (phone) =>
        phone.ask("callsManager.addCall", { connectionId, ...call, direction: "incoming" }),
  ),
  fc
    .tuple(
      id,
      fc.constantFrom(
        "connection.setRinging",
        "connection.setActive",
        "connection.setOnHold",
        "connection.destroy",
        "callControl.answer",
        "callControl.setActive",
        "callControl.setInactive",
      ),
    )
    .map(
      ([connectionId, method]): Act =>
        (phone) =>
          phone.ask(method, { connectionId }),
    ),
  fc
    .record({
      connectionId: id,
      cause,
      method: fc.constantFrom("connection.setDisconnected", "callControl.disconnect"),
    })
    .map(
      ({ method, ...params }): Act =>
        (phone) =>
          phone.ask(method, params),
    ),
  fc
    .record({
      notificationId: fc.constantFrom(1, 2, "c1"),
      style: fc.constantFrom("CallStyle", "standard", "none"),
      fullScreenIntent: fc.boolean(),
      actions: fc.subarray(["answer", "decline", "hangup"]),
    })
    .map(
      (params): Act =>
        (phone) =>
          phone.ask("notification.post", params),
    ),
  fc.constantFrom(1, 2, "c1").map(
    (notificationId): Act =>
      (phone) =>
        phone.ask("notification.cancel", { notificationId }),
  ),
  fc.subarray(["phoneCall", "microphone", "camera"] as const).map(
    (types): Act =>
      (phone) =>
        phone.ask("service.startForeground", { types }),
  ),
  fc.constantFrom("service.stopForeground", "wakeLock.acquire", "wakeLock.release").map(
    (method): Act =>
      (phone) =>
        phone.ask(method, {}),
  ),
  fc
    .record({
      what: fc.constantFrom("answer", "decline", "hangUp"),
      through: fc.constantFrom(undefined, "notification", "telecom"),
    })
    .map(
      ({ what, through }): Act =>
        ({ device }) =>
          device.user[what](through === undefined ? {} : { through }),
    ),
  fc.constantFrom("hold", "unhold", "abort", "silence").map(
    (what): Act =>
      ({ device }) =>
        device.user[what](),
  ),
  fc
    .constantFrom(
      "foreground",
      "background",
      "suspend",
      "boot",
      "forceStop",
      "removeTask",
      "startForegroundService",
      "timeOutService",
    )
    .map(
      (what): Act =>
        ({ device }) =>
          device[what](),
    ),
  fc.constantFrom<Act>(
    ({ device }) => device.terminate("out of memory"),
    ({ device }) => device.rotateToken(`${device.token()}+`),
    ({ device }) => device.setDoze(true),
    ({ device }) => device.setNetwork(!device.settings().network),
    ({ device }) => device.change({ postNotifications: !device.settings().postNotifications }),
    ({ device }) => device.setOtherCall(device.settings().otherCall === "none" ? "emergency" : "none"),
    (phone) => phone.tell("device.died", { message: "crash" }),
  ),
);
