import { describe, expect, test } from "vitest";
import { readPayload, sameHandle, uuidIn } from "./client-view-payload.ts";
import { testFacts } from "./testing/default-facts.ts";

describe("readPayload", () => {
  const { profile } = testFacts();

  test("reads what the profile has a place for", () => {
    const payload = { callUUID: "u", callId: 7, handle: "+1", callerName: "Ann", hasVideo: "false", other: 1 };
    expect(readPayload(payload, profile, "ios")).toEqual({
      callUUID: "u",
      callId: "7",
      handle: "+1",
      callerName: "Ann",
      video: false,
      isMalformed: false,
    });
  });

  test("reads each platform's own place, also inside a string", () => {
    const own = { ...profile, payload: { hint: { ios: "/aps/hint", android: "/items/hint" } } };
    expect(readPayload({ aps: { hint: "a" } }, own, "ios").hint).toBe("a");
    expect(readPayload({ items: '{"hint":"b"}' }, own, "android").hint).toBe("b");
  });

  test("calls malformed what has no key, whatever else it has", () => {
    for (const payload of [undefined, null, "text", [], {}, { handle: "+1" }, { callUUID: "", callId: null }])
      expect(readPayload(payload, profile, "ios").isMalformed).toBe(true);
  });
});

describe("uuidIn", () => {
  test("takes UUIDs of any version in lower case, and nothing else", () => {
    expect(uuidIn("ABCDEF00-0000-4000-8000-00000000000F")).toBe("abcdef00-0000-4000-8000-00000000000f");
    expect([uuidIn("123"), uuidIn(undefined), uuidIn("{abcdef00-0000-4000-8000-00000000000f}")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("sameHandle", () => {
  test("compares the number or address, not its spelling", () => {
    expect(sameHandle("+1 555-0100", "sip:+15550100@a.test;user=phone")).toBe(true);
    expect(sameHandle("tel:+15550100", "+1 (555) 0100")).toBe(true);
    expect(sameHandle('"Ann" <sip:ann@a.test>', "ANN@a.test")).toBe(true);
    expect(sameHandle("sip:ann@a.test", "ann")).toBe(true);
  });

  test("tells different ones apart", () => {
    expect(sameHandle("+15550100", "+15550101")).toBe(false);
    expect(sameHandle("ann@a.test", "ann@b.test")).toBe(false);
    expect(sameHandle("ann", "bob")).toBe(false);
  });
});
