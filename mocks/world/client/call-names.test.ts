import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import { makePersonas } from "../identities.ts";
import { callNames, type CallNames } from "./call-names.ts";
import { clientPlan } from "./testing/client-bench.ts";

const plan = clientPlan({}, []);
const callers = ["+1 555 0100", "+15550101"].map((number) => ({
  caller: { name: "", number },
  callee: 1,
  video: false,
}));
const lease = { caseId: "a", attempt: 1, nonce: "n" };
const { calls } = makePersonas({ ...plan, calls: callers }, lease, testFacts({ role: "client" }));
const [first, second] = calls.map(({ push }) => push.callUUID) as [string, string];

function named(over: readonly CallRef[] = []): CallNames {
  return callNames(calls, (call) => over.includes(call));
}

function report(names: CallNames, uuid: string, value?: string): CallRef | undefined {
  const update = value === undefined ? {} : { remoteHandle: { type: "generic", value } };
  names.heard("provider.reportNewIncomingCall", { uuid, update });
  return names.callOf({ callUUID: uuid.toLowerCase() });
}

describe("which call of the plan an app means", () => {
  test("is told by the UUID of the payload, in any case, whatever caller it names", () => {
    expect(report(named(), second.toUpperCase(), "+15550100")).toBe("call:2");
  });

  test("is told by the caller, however the handle is spelled", () => {
    expect(report(named(), "A", "sip:+15550101@example.test")).toBe("call:2");
    expect(report(named(), "B", "tel:+1-555-0100")).toBe("call:1");
  });

  test("is told by the push that is being handed over, and not by one that was", () => {
    const names = named();
    names.pushed("p1", "call:1");
    names.pushed("p2", "call:2");
    names.handed("p1");
    expect(report(names, "A", "nobody")).toBe("call:1");
    names.returned("p1");
    names.handed("p2");
    expect(report(names, "B")).toBe("call:2");
    names.returned("p2");
    expect(report(names, "C")).toBeUndefined();
  });

  test("is that of the first push that is being handed over where several are", () => {
    const names = named();
    for (const [push, call] of [
      ["p1", "call:2"],
      ["p2", "call:1"],
    ] as const) {
      names.pushed(push, call);
      names.handed(push);
    }
    const post = (notificationId: number): CallRef | undefined => {
      names.heard("notification.post", { notificationId });
      return names.callOf({ notificationId });
    };
    expect([post(1), post(2), post(1)]).toEqual(["call:2", "call:1", "call:2"]);
  });

  test("is not that of a push being handed over whose call has its notification already, while another has none", () => {
    const names = named();
    const post = (notificationId: number): CallRef | undefined => {
      names.heard("notification.post", { notificationId });
      return names.callOf({ notificationId });
    };
    names.involved("call:1");
    expect(post(1)).toBe("call:1");
    names.involved("call:2");
    names.pushed("p1", "call:1");
    names.handed("p1");
    expect([post(2), post(3)]).toEqual(["call:2", "call:1"]);
  });

  test("is told by turns where two calls have the same caller", () => {
    const twins = calls.map((persona) => ({ ...persona, callerUser: "+1", callerUri: "sip:+1@example.test" }));
    const names = callNames(twins, () => false);
    names.involved("call:2");
    names.involved("call:1");
    expect(report(names, "A", "tel:+1")).toBe("call:2");
    expect(report(names, "B", "tel:+1")).toBe("call:1");
  });

  test("is the only one on the phone that has no name, or is not over", () => {
    const names = named();
    names.involved("call:1");
    expect(report(names, "A")).toBe("call:1");
    names.involved("call:2");
    expect(report(names, "B")).toBe("call:2");
    const later = named(["call:1"]);
    later.involved("call:1");
    later.involved("call:2");
    expect(report(later, "C")).toBe("call:2");
  });

  test("stays what it was once it was named", () => {
    const names = named();
    names.involved("call:1");
    report(names, "A");
    expect(report(names, "A", "+15550101")).toBe("call:1");
    names.acted("action-1", "a");
    expect(names.callOf({ actionId: "action-1" })).toBe("call:1");
    expect(names.callOf({ action: { callUUID: "A" } })).toBe("call:1");
    expect(names.callOf({ callUUID: "unknown" })).toBeUndefined();
  });

  test("is that of its notification, whose id may come again for another call", () => {
    const names = named();
    const post = (): CallRef | undefined => {
      names.heard("notification.post", { notificationId: 1 });
      return names.callOf({ notificationId: 1 });
    };
    names.heard("telecom.addNewIncomingCall", { connectionId: "x", handle: "+15550100" });
    expect(post()).toBe("call:1");
    names.heard("notification.cancel", { notificationId: 1 });
    expect(names.callOf({ notificationId: 1 })).toBe("call:1");
    names.heard("telecom.addNewIncomingCall", { connectionId: "y", handle: "+15550101" });
    expect(post()).toBe("call:2");
    expect(post()).toBe("call:2");
  });

  test("is the one the user answered where media is the first to name it", () => {
    const names = named();
    names.involved("call:1");
    names.involved("call:2");
    names.answered("call:2");
    names.heard("media.started", { callUUID: "own name" });
    expect(names.callOf({ callUUID: "own name" })).toBe("call:2");
    names.heard("media.started", { callUUID: first });
    expect(names.callOf({ callUUID: first })).toBe("call:1");
  });
});
