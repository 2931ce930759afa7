import { describe, expect, test } from "vitest";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import type { PushRule } from "../push/no-finding.ts";
import { cleanPush, pushWithFinding, withoutPush } from "../push/testing/push-trace.ts";
import { fcmRequirements } from "./index.ts";

/** The requirements about one message that FCM's rule table decides, with everything it may find wrong. */
const ruleDecided: readonly (readonly [rule: PushRule, mismatches: readonly string[]])[] = [
  ["fcm/endpoint", ["bad-path", "method-not-post", "legacy-endpoint"]],
  ["fcm/project", ["wrong-project"]],
  ["fcm/authentication", ["missing-access-token", "invalid-access-token", "expired-access-token", "wrong-scope"]],
  ["fcm/scheme", ["malformed-scheme"]],
  ["fcm/json", ["not-json", "not-an-object", "no-message"]],
  ["fcm/fields", ["unknown-field", "wrong-type"]],
  ["fcm/recipient", ["no-recipient", "several-recipients", "bad-topic"]],
  ["fcm/device-token", ["invalid-token", "unregistered-token", "other-sender"]],
  ["fcm/package", ["package-differs"]],
  ["fcm/data", ["value-not-a-string"]],
  ["fcm/data-keys", ["reserved-key"]],
  ["fcm/data-only", ["notification-present"]],
  ["fcm/payload-size", ["too-large"]],
  ["fcm/priority", ["not-high", "bad-priority"]],
  ["fcm/ttl", ["missing", "too-long", "bad-ttl"]],
  ["fcm/collapse-key", ["collapsible"]],
  ["fcm/validate-only", ["validate-only"]],
  ["fcm/apns-block", ["only-apns", "voip-through-fcm", "background-immediate"]],
];

function requirementOf(rule: PushRule): Requirement {
  return fcmRequirements.find(({ id }) => id === rule)!;
}

describe.each(ruleDecided)("%s", (rule, mismatches) => {
  const { judge } = requirementOf(rule);

  test("passes when no message drew a finding of its rule", () => {
    expect(judge(cleanPush("android")).kind).toBe("pass");
  });

  test.each(mismatches)("fails with %s when a message drew it", (mismatch) => {
    const { trace, request, finding } = pushWithFinding(rule, mismatch);
    expect(judge(trace)).toMatchObject({ kind: "fail", mismatch, basis: "content", evidence: [finding, request] });
  });

  test("is not exercised without a message", () => {
    expect(judge(withoutPush())).toEqual({ kind: "not-exercised" });
    expect(judge(cleanPush("ios"))).toEqual({ kind: "not-exercised" });
  });
});
