import { describe, expect, test } from "vitest";
import { requirements } from "../../scenarios/catalogue.ts";
import { faults } from "../../scenarios/faults/faults.ts";
import type { PushRule } from "../../scenarios/requirements/push/no-finding.ts";
import { pushWithFinding } from "../../scenarios/requirements/push/testing/push-trace.ts";
import {
  connectionOpened,
  findingAbout,
  pushOver,
  runTrace,
} from "../../scenarios/requirements/push/testing/run-trace.ts";
import { defaultApnsProfile } from "../../mocks/apns/apns-profile.ts";
import { apnsRules, rulesFor } from "../../mocks/apns/apns-rules.ts";
import { wireRules } from "../../mocks/apns/wire-rules.ts";
import { defaultFcmProfile } from "../../mocks/fcm/fcm-profile.ts";
import { fcmRules } from "../../mocks/fcm/fcm-rules.ts";
import { ASSERTION_RULE } from "../../mocks/fcm/oauth-assertion.ts";

type Finding = readonly [id: PushRule, mismatch: string];

/** Rules whose findings no requirement reports, and why. */
const unreported: Readonly<Record<string, string>> = {
  "apns/provider-token-refresh":
    "Off in a run: the requirement judges the provider tokens that a connection carried, so its rule is for mocks alone.",
  "apns/request-rate": "Off in a run: Apple publishes no number, so only a mock that was given one counts.",
  "fcm/quota": "No run sends 600,000 messages a minute. What a server does after a 429 is judged by fcm/quota-backoff.",
};

/** Requirements about pushes that look at the trace itself, as no single push or connection shows what is wrong. */
const judgedOnTheTrace = [
  "apns/connection-reuse",
  "apns/provider-token-refresh",
  "fcm/access-token-reuse",
  "fcm/connection-reuse",
  "fcm/no-retry-after-refusal",
  "fcm/quota-backoff",
];

/** Everything the simulated push services find. Those about assertions are not in a table: one stands for all. */
const findings: readonly Finding[] = [
  ...[...apnsRules, ...Object.values(wireRules), ...fcmRules].map(({ id, mismatch }): Finding => [id, mismatch]),
  [ASSERTION_RULE, "lifetime-too-long"],
];
const ruleIds = new Set<string>(findings.map(([id]) => id));
const aboutPushes = requirements.filter(({ id }) => /^(?:apns|fcm)\//.test(id));
const reported = [...new Set(findings.map((finding) => finding.join(" ")))].filter(
  (finding) => unreported[finding.split(" ")[0]!] === undefined,
);

/** What the requirement of that id makes of a trace with one finding. */
function verdictOn(id: PushRule, mismatch: string): string {
  const requirement = aboutPushes.find((one) => one.id === id);
  if (requirement === undefined) return "no such requirement";
  const service = id.startsWith("apns/") ? "apns" : "fcm";
  const trace =
    requirement.scope === "case"
      ? pushWithFinding(id, mismatch).trace
      : runTrace([connectionOpened("a", service), pushOver("a", service), findingAbout(id, mismatch, 0)]);
  const verdict = requirement.judge(trace);
  return verdict.kind === "fail" ? verdict.mismatch : verdict.kind;
}

describe("what a push service finds in a run", () => {
  test.each(reported)("fails the requirement of its rule: %s", (finding) => {
    const [id, mismatch] = finding.split(" ") as [PushRule, string];
    expect(verdictOn(id, mismatch)).toBe(mismatch);
  });

  test("is left out only by rules that are there, that nothing reports and that are off in a run or out of reach", () => {
    const left = Object.keys(unreported) as PushRule[];
    expect(left.filter((id) => !ruleIds.has(id))).toEqual([]);
    expect(left.filter((id) => verdictOn(id, "found") === "found")).toEqual([]);
    const inEffect = rulesFor(defaultApnsProfile).map(({ id }) => id as string);
    expect(left.filter((id) => inEffect.includes(id))).toEqual([]);
    expect(defaultFcmProfile.messagesPerMinute).toBeGreaterThanOrEqual(600_000);
    expect(defaultFcmProfile.messagesPerMinutePerToken).toBe(Infinity);
  });
});

test("a requirement about pushes reports its rule's findings or looks at the trace itself, never both", () => {
  const byFindings = aboutPushes.filter(({ id }) => verdictOn(id as PushRule, "found") === "found");
  expect(byFindings.filter(({ id }) => !ruleIds.has(id)).map(({ id }) => id)).toEqual([]);
  const others = aboutPushes.filter((requirement) => !byFindings.includes(requirement)).map(({ id }) => id);
  expect(others.toSorted()).toEqual(judgedOnTheTrace);
  expect(others.filter((id) => ruleIds.has(id) && unreported[id] === undefined)).toEqual([]);
});

test("a fault that a rule finds is named by a mismatch of that rule", () => {
  const known = new Set(findings.map((finding) => finding.join(" ")));
  const found = faults
    .filter(({ breaks }) => ruleIds.has(breaks))
    .map(({ breaks, mismatch }) => `${breaks} ${mismatch}`);
  expect(found.filter((finding) => !known.has(finding))).toEqual([]);
});
