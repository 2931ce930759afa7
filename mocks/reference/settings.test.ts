import { describe, expect, test } from "vitest";
import { plainProfile } from "./profile.ts";
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
      fcm: undefined,
    });
  });

  test("know FCM where its address is given, and then all of it", () => {
    const withFcm = {
      ...environment,
      RINGTRUE_FCM_URL: "https://127.0.0.1:2",
      RINGTRUE_FCM_PROJECT_ID: "example-project",
      RINGTRUE_FCM_SERVICE_ACCOUNT_FILE: "account.json",
      RINGTRUE_TLS_CA_FILE: "ca.pem",
    };
    expect(settingsFrom(withFcm).fcm).toEqual({
      url: "https://127.0.0.1:2",
      projectId: "example-project",
      serviceAccountFile: "account.json",
      caFile: "ca.pem",
    });
    expect(() => settingsFrom({ ...withFcm, RINGTRUE_FCM_PROJECT_ID: "" })).toThrow("RINGTRUE_FCM_PROJECT_ID");
  });

  test("name the variable that is missing or unreadable", () => {
    expect(() => settingsFrom({ ...environment, RINGTRUE_APNS_TOPIC: "" })).toThrow("RINGTRUE_APNS_TOPIC");
    expect(() => settingsFrom({ ...environment, RINGTRUE_PROFILE: "{" })).toThrow("RINGTRUE_PROFILE");
  });
});
