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

  test.each([
    ["sip:user%20name@a.test", "user name"],
    ["sip:%41nn@a.test", "ann@a.test"],
    ["sip:zo%C3%AB@a.test", "Zoë"],
    ["%23100%23", "#100#"],
    ["sip:%2B49301234567@a.test", "tel:+49-30-1234567"],
    ["sip:%2b49301234567@a.test;user=phone", "+49 30 1234567"],
    ["sip:alice%40home@example.org", "SIP:alice%40HOME@example.org"],
    ["sip:alice%40home@example.org", "alice@home@example.org"],
    ["sip:alice%40home@example.org", "alice@home"],
  ])("reads escapes in the user part: %s is %s", (one, other) => {
    expect(sameHandle(one, other)).toBe(true);
    expect(sameHandle(other, one)).toBe(true);
  });

  test("tells users apart that only their escapes tell apart", () => {
    expect(sameHandle("sip:user%20name@a.test", "username@a.test")).toBe(false);
    expect(sameHandle("sip:alice%40home@example.org", "alice@example.org")).toBe(false);
    expect(sameHandle("sip:alice%40home@example.org", "alice@work")).toBe(false);
    expect(sameHandle("sip:%2B49301234567@a.test", "+49301234568")).toBe(false);
    expect(sameHandle("sip:ann%2541@a.test", "anna")).toBe(false);
  });

  test.each(["100%", "%zz", "%", "%C3", "%ff%fe", "100%@a.test"])("leaves a broken escape as it is: %s", (broken) => {
    expect(sameHandle(`sip:${broken}`, broken)).toBe(true);
    expect(sameHandle(broken, "ann@a.test")).toBe(false);
  });
});
