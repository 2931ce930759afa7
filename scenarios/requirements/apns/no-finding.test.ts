import { describe, expect, test } from "vitest";
import { traceBuilder } from "../../../harness/judge/testing/trace-builder.ts";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { apnsRequirements } from "./index.ts";
import { noFinding, pushesToApns } from "./no-finding.ts";
import { cleanPush, pushWithFinding, withoutPush } from "./testing/push-trace.ts";

describe("a requirement that the push service's rule table decides", () => {
  test("passes with every push as evidence", () => {
    const trace = cleanPush();
    const push = trace.events.find((event) => event.kind === "push.request");
    expect(noFinding("apns/topic")(trace)).toEqual({ kind: "pass", evidence: [push?.seq] });
  });

  test("fails with the finding's own words, the push as the violation", () => {
    const { trace, request, finding } = pushWithFinding("apns/topic", "missing-topic");
    expect(noFinding("apns/topic")(trace)).toEqual({
      kind: "fail",
      mismatch: "missing-topic",
      basis: "content",
      expected: "what the rule asks for",
      actual: "what was sent",
      evidence: [finding, request],
    });
  });

  test("is not moved by findings of other rules", () => {
    const { trace } = pushWithFinding("apns/topic", "missing-topic");
    expect(noFinding("apns/path")(trace).kind).toBe("pass");
  });

  test("is not moved by a finding about something that is no push", () => {
    const ladder = traceBuilder();
    const invite = ladder.callerInvites("call:1");
    ladder.push("phone:1", "call:1");
    ladder.event("push-service", "harness", {
      kind: "finding",
      rule: "apns/topic",
      mismatch: "missing-topic",
      expected: "",
      actual: "",
      about: invite.seq,
    });
    expect(noFinding("apns/topic")(ladder.finished()).kind).toBe("pass");
  });

  test("is not exercised by pushes through another service", () => {
    const ladder = traceBuilder({ phones: [{ platform: "android" }] });
    ladder.callerInvites("call:1");
    ladder.push("phone:1", "call:1", { service: "fcm" });
    expect(noFinding("apns/topic")(ladder.finished())).toEqual({ kind: "not-exercised" });
    expect(noFinding("apns/topic")(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});

describe("the requirements about APNs", () => {
  test("apply to servers that push to iPhones only", () => {
    expect(pushesToApns(testFacts())).toBe(true);
    expect(pushesToApns(testFacts({ features: { platforms: ["android"] } }))).toBe(
      "the target declares no ios platform",
    );
  });

  test("have ids of their own and quote a source", () => {
    const ids = apnsRequirements.map((requirement) => requirement.id);
    expect(new Set(ids).size).toBe(16);
    for (const requirement of apnsRequirements) {
      expect(requirement.sources[0]?.quote).toMatch(/\w{3}/u);
    }
  });
});
