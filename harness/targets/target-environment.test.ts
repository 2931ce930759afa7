import { expect, test } from "vitest";
import { testFacts, testWorldFacts } from "../run/testing/test-facts.ts";
import { targetEnvironment } from "./target-environment.ts";

test("a target learns from its environment where it pushes to, for either platform", () => {
  const environment = targetEnvironment({ world: testWorldFacts("/run"), facts: testFacts });
  expect(environment).toMatchObject({
    RINGTRUE_APNS_URL: "https://127.0.0.1:1",
    RINGTRUE_FCM_URL: "https://127.0.0.1:2",
    RINGTRUE_FCM_HOST: "127.0.0.1",
    RINGTRUE_FCM_PORT: "2",
    RINGTRUE_FCM_PROJECT_ID: "test-project",
    RINGTRUE_FCM_SERVICE_ACCOUNT_FILE: "/run/service-account.json",
    RINGTRUE_FCM_OAUTH_URL: "https://127.0.0.1:2/token",
    RINGTRUE_FCM_PACKAGE: "test.example.app",
  });
});
