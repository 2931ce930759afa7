import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventShapes, type FieldType } from "../../harness/trace/event-shapes.ts";
import { arbitraryTrace } from "../../harness/trace/testing/arbitrary-trace.ts";
import type { EventBody, EventKind, TraceEvent } from "../../harness/trace/trace-event.ts";
import { eventLabel } from "./event-label.ts";

const samples: Readonly<Record<FieldType, (field: string) => unknown>> = {
  string: (field) => (field === "service" ? "apns" : `a ${field}`),
  number: () => 7,
  boolean: () => true,
  bytes: () => Buffer.from("OPTIONS sip:ada@example.test SIP/2.0\r\n\r\n"),
  list: (field) => [`a ${field}`],
  any: () => "anything",
};

const kinds = Object.keys(eventShapes) as readonly EventKind[];

function labelOf(body: object): string {
  const envelope = { seq: 0, atMs: 0, lagMs: 0, from: "os", to: "os", by: "world" } as const;
  return eventLabel({ ...envelope, ...(body as EventBody) });
}

/** An event with what its kind cannot do without, and nothing else. */
function bare(kind: EventKind): object {
  const shape: Readonly<Record<string, FieldType>> = eventShapes[kind];
  const members = Object.entries(shape).map(([field, type]) => [field, samples[type](field)]);
  return { kind, ...Object.fromEntries(members) };
}

describe("the label of an event", () => {
  test.each(kinds)("says in words what %s is, and of no other kind the same", (kind) => {
    const label = labelOf(bare(kind));
    expect(label).not.toBe(kind);
    expect(label).toMatch(/\S/u);
    expect(label).not.toMatch(/undefined|null|\[object/u);
    // Requests and notifications are told apart by the names of their methods.
    const others = kinds.filter((other) => other !== kind && !(isMessage(kind) && isMessage(other)));
    expect(others.filter((other) => labelOf(bare(other)) === label)).toEqual([]);
  });

  test("is there whatever an event holds", () => {
    fc.assert(
      fc.property(arbitraryTrace, ({ events }) => {
        for (const event of events) expect(eventLabel(event)).not.toMatch(/undefined|\[object/u);
      }),
    );
  });

  test("of a kind from a later version is its name", () => {
    expect(labelOf({ kind: "call.teleported" })).toBe("call.teleported");
  });

  test.each<readonly [method: string, params: object, label: string]>([
    ["device.launch", { device: "d1", reason: "push" }, "device.launch: push"],
    ["provider.perform", { action: { id: "a1", type: "answer", callUUID: "u" } }, "provider.perform: answer"],
    ["provider.reportCallEnded", { uuid: "u", reason: "remoteEnded" }, "provider.reportCallEnded: remoteEnded"],
    ["connection.setDisconnected", { connectionId: "c1", cause: "LOCAL" }, "connection.setDisconnected: LOCAL"],
    ["notification.post", { notificationId: 1, style: "CallStyle" }, "notification.post: CallStyle"],
    ["notification.action", { notificationId: 1, action: "decline" }, "notification.action: decline"],
    ["service.startForeground", { types: ["phoneCall", "camera"] }, "service.startForeground: phoneCall, camera"],
    ["network.changed", { reachable: false }, "network.changed: unreachable"],
    ["messagingService.onNewToken", { token: "0123456789" }, "messagingService.onNewToken: 01234567…"],
    ["messagingService.onMessageReceived", { message: { data: {} } }, "messagingService.onMessageReceived"],
    ["log", { level: "info", message: "up" }, "log: up"],
    ["connection.destroy", { connectionId: "c1" }, "connection.destroy"],
  ])("of %s over the device link says what it is about", (method, params, label) => {
    expect(labelOf({ kind: "link.request", id: "os:1", method, params })).toBe(label);
  });

  test("of a refused message says by whom and why", () => {
    const error = { code: 1, message: "unknownCallUUID" };
    const reply = { kind: "link.reply", request: "app:1", method: "action.fulfill" };
    expect(labelOf({ ...reply, error })).toBe("action.fulfill: refused (1 unknownCallUUID)");
  });
});

function isMessage(kind: TraceEvent["kind"]): boolean {
  return kind === "link.request" || kind === "link.notification";
}
