import { describe, expect, test } from "vitest";
import { plainProfile } from "../profile.ts";
import { contactParams, correlateOf, type LinkProfile, readPush, tokenHeader } from "./link-profile.ts";

const nested: LinkProfile = {
  payload: {
    callUUID: { ios: "/aps/id", android: "/items/id" },
    hint: "/aps/hint",
    handle: { ios: "/aps/from", android: "/items/from" },
    video: { ios: "/aps/video", android: "/items/video" },
  },
  correlation: { sip: "X-Hint" },
  registration: { header: { name: "X-Token", value: "push:<token>" } },
};

describe("a push", () => {
  test("is read by the pointers of its platform, through strings that are JSON", () => {
    const items = JSON.stringify({ id: 7, from: "+1555", video: "false" });
    expect(readPush(nested, "android", { items })).toEqual({
      isCancel: false,
      callUUID: "7",
      handle: "+1555",
      video: false,
    });
    expect(readPush(nested, "ios", { aps: { hint: "h", video: true } })).toEqual({
      isCancel: false,
      hint: "h",
      video: true,
    });
  });

  test.each([undefined, "text", [], {}, { aps: "text" }, { aps: { id: "" } }])(
    "without a key is malformed: %j",
    (payload) => {
      expect(readPush(nested, "ios", payload)).toBeUndefined();
    },
  );

  test("shares with its INVITE what the profile says", () => {
    const pushed = { isCancel: false, callUUID: "u", callId: "c", hint: "h" };
    expect(correlateOf(plainProfile, pushed)).toBe("c");
    expect(correlateOf(nested, pushed)).toBe("h");
  });
});

describe("the push fields of a REGISTER", () => {
  const push = { provider: "apns", param: "TEAM.app.voip", token: "abc" };

  test("stand in the Contact, or in a header field of the profile's own", () => {
    expect(contactParams(plainProfile, push)).toEqual([
      ["pn-provider", "apns"],
      ["pn-param", "TEAM.app.voip"],
      ["pn-prid", "abc"],
    ]);
    expect(contactParams(plainProfile, push, false).map(([name]) => name)).toEqual(["pn-provider", "pn-param"]);
    expect(tokenHeader(nested, push)).toEqual({ name: "X-Token", value: "push:abc" });
    expect(contactParams(nested, push)).toEqual([]);
  });

  test("are left out while there is no token", () => {
    expect(contactParams(plainProfile, { ...push, token: undefined })).toEqual([]);
    expect(tokenHeader(nested, { ...push, token: undefined })).toBeUndefined();
  });
});
