import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import type { PushForm } from "../../../harness/plan/plan.ts";
import type { Profile } from "../../../harness/trace/run-facts.ts";
import type { Platform } from "../../../harness/trace/trace-event.ts";
import { readPointer } from "../../../harness/wire/json-pointer.ts";
import { makePersonas } from "../identities.ts";
import { clientPayload, correlationKey } from "./client-push.ts";
import { clientPlan } from "./testing/client-bench.ts";

const facts = testFacts({ role: "client" });
const plan = clientPlan({}, []);
const call = plan.calls[0]!;
const [persona] = makePersonas(plan, { caseId: "a", attempt: 1, nonce: "n" }, facts).calls;
const flat = facts.profile;
/** As vendors have it whose payload holds a document inside a string. */
const nested: Profile = {
  ...flat,
  payload: { callUUID: "/items/call/uuid", callId: "/items/sip", handle: { ios: "/aps/from", android: "/from" } },
  cancelByPush: { pointer: "/items/type", value: "cancel" },
};

function payload(form: PushForm, platform: Platform, profile: Profile): unknown {
  return clientPayload(form, platform, profile, call, persona!).payload;
}

describe("the payload of a push", () => {
  test("can be read back through the pointers it was written by, on either platform", () => {
    const name = fc.string({ minLength: 1 });
    const pointer = fc
      .array(name, { minLength: 1, maxLength: 4 })
      .map((path) => path.map((one) => `/${one.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
    fc.assert(
      fc.property(pointer, pointer, fc.constantFrom<Platform>("ios", "android"), (callUUID, hint, platform) => {
        fc.pre(!callUUID.startsWith(hint) && !hint.startsWith(callUUID));
        fc.pre(![callUUID, hint].some((one) => /^\/(?:__proto__|aps)|\/__proto__/.test(one)));
        const document = payload("whole", platform, { ...flat, payload: { callUUID, hint } });
        expect(readPointer(document, callUUID)).toBe(persona!.push.callUUID);
        expect(readPointer(document, hint)).toBe(persona!.push.hint);
      }),
    );
  });

  test("is a document inside a string where FCM has strings only", () => {
    expect(payload("whole", "android", nested)).toEqual({
      items: JSON.stringify({ call: { uuid: persona!.push.callUUID }, sip: persona!.push.callId }),
      from: "+15550100",
    });
    expect(payload("whole", "ios", nested)).toEqual({
      aps: { from: "+15550100" },
      items: { call: { uuid: persona!.push.callUUID }, sip: persona!.push.callId },
    });
    expect(payload("whole", "android", flat)).toMatchObject({ hasVideo: "false" });
    expect(payload("whole", "ios", flat)).toMatchObject({ hasVideo: false });
  });

  test("has the form the plan wants", () => {
    expect(payload("no-keys", "ios", flat)).toEqual({ aps: {} });
    expect(payload("no-keys", "android", flat)).toEqual({});
    expect(payload("not-an-object", "ios", flat)).toBe("not an object");
    expect(payload("not-an-object", "android", flat)).toEqual({});
    expect(payload("not-an-object", "android", nested)).toEqual({ items: "not an object" });
    expect(payload("bad-uuid", "ios", flat)).toMatchObject({ callUUID: "not-a-uuid", callId: persona!.callId });
    expect(Object.keys(payload("no-caller", "android", flat) as object)).toEqual(["callUUID", "callId", "hasVideo"]);
    expect(payload("not-obliged", "ios", flat)).toEqual(payload("whole", "ios", flat));
    expect(readPointer(payload("cancel", "android", nested), "/items/type")).toBe("cancel");
  });

  test("names the caller without the escapes of a URI", () => {
    const caller = { ...persona!, callerUser: "%22ann%22", callerUri: "sip:%22ann%22@example.test" };
    expect(clientPayload("whole", "ios", flat, call, caller).payload).toMatchObject({ handle: '"ann"' });
  });

  test("is refused when it is larger than its push service takes", () => {
    const caller = { ...persona!, callerName: "x".repeat(4_500) };
    expect(clientPayload("whole", "ios", flat, call, caller).refused).toBeUndefined();
    expect(clientPayload("whole", "android", flat, call, caller).refused).toMatch(/bytes, and 4096 are allowed$/);
  });
});

test("an INVITE is tied to its push by the first key the push has", () => {
  expect(correlationKey({ ...flat, payload: { hint: "/a", callId: "/b" } }, persona!)).toBe(persona!.push.hint);
  expect(correlationKey({ ...flat, payload: { callId: "/b", callUUID: "/c" } }, persona!)).toBe(persona!.push.callId);
  expect(correlationKey({ ...flat, payload: { callUUID: "/c" } }, persona!)).toBe(persona!.push.callUUID);
});
