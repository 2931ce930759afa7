import { describe, expect, test } from "vitest";
import { plainProfile } from "./profile.ts";
import { pushPayload } from "./push-payload.ts";
import { settingsFrom } from "./settings.ts";

const environment = {
  RINGTRUE_APNS_URL: "https://127.0.0.1:1",
  RINGTRUE_APNS_TOPIC: "com.example.phone.voip",
  RINGTRUE_APNS_TEAM_ID: "TEAM123456",
  RINGTRUE_APNS_KEY_ID: "KEY1234567",
  RINGTRUE_APNS_KEY_FILE: "key.p8",
};

describe("settings", () => {
  test("come from the environment, with a plain profile where none is named", () => {
    expect(settingsFrom({ ...environment, RINGTRUE_SIP_DOMAIN: "Example.test" })).toMatchObject({
      domain: "example.test",
      profile: plainProfile,
      apns: { topic: "com.example.phone.voip", caFile: undefined },
    });
  });

  test("name the variable that is missing or unreadable", () => {
    expect(() => settingsFrom({ ...environment, RINGTRUE_APNS_TOPIC: "" })).toThrow("RINGTRUE_APNS_TOPIC");
    expect(() => settingsFrom({ ...environment, RINGTRUE_PROFILE: "{" })).toThrow("RINGTRUE_PROFILE");
  });
});

describe("a payload", () => {
  const call = { callUuid: "u", callId: "c", hint: "h", handle: "alice", callerName: "Alice", video: true };

  test("has each member where the profile's pointer says", () => {
    const profile = { ...plainProfile, payload: { hint: "/aps/pushHint", handle: { ios: "/a~1b/0", android: "/x" } } };
    expect(JSON.parse(pushPayload(profile, call, "none").toString())).toEqual({
      aps: { pushHint: "h" },
      "a/b": { "0": "alice" },
    });
  });

  test("never grows beyond what a VoIP push may have", () => {
    const long = { ...call, callerName: "\u{1f600}".repeat(3000), handle: "9".repeat(9000) };
    const body = pushPayload(plainProfile, long, "none");
    expect(body.length).toBeLessThanOrEqual(5120);
    expect(JSON.parse(body.toString())).toMatchObject({ callId: "c" });
  });
});
