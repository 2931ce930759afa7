import { describe, expect, test } from "vitest";
import { traceBuilder } from "../../../harness/judge/testing/trace-builder.ts";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { apnsRequirements } from "../apns/index.ts";
import { fcmRequirements } from "../fcm/index.ts";
import { noFinding, noFindingInRun } from "./no-finding.ts";
import { cleanPush, pushWithFinding, withoutPush } from "./testing/push-trace.ts";
import { connectionOpened, findingAbout, pushOver, runTrace } from "./testing/run-trace.ts";

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
    expect(noFinding("apns/topic")(cleanPush("android"))).toEqual({ kind: "not-exercised" });
    expect(noFinding("fcm/ttl")(cleanPush("ios"))).toEqual({ kind: "not-exercised" });
    expect(noFinding("apns/topic")(withoutPush())).toEqual({ kind: "not-exercised" });
  });
});

describe("a requirement of a whole run that the rule table decides", () => {
  const judge = noFindingInRun("apns/ping-rate");

  test("passes with every push through the service as evidence", () => {
    const trace = runTrace([connectionOpened("a"), pushOver("a"), pushOver("b", "fcm")]);
    expect(judge(trace)).toEqual({ kind: "pass", evidence: [1] });
  });

  test("fails with the finding's own words, whether a connection or a push drew it", () => {
    for (const about of [0, 1]) {
      const trace = runTrace([
        connectionOpened("a"),
        pushOver("a"),
        findingAbout("apns/ping-rate", "too-many-pings", about),
      ]);
      expect(judge(trace)).toEqual({
        kind: "fail",
        mismatch: "too-many-pings",
        basis: "content",
        expected: "what the rule asks for",
        actual: "what was sent",
        evidence: [2, about],
      });
    }
  });

  test("is not moved by findings of other rules", () => {
    const trace = runTrace([
      connectionOpened("a"),
      pushOver("a"),
      findingAbout("apns/http2-priority", "priority-sent", 0),
    ]);
    expect(judge(trace).kind).toBe("pass");
  });

  test("is not exercised by a connection that carried no push", () => {
    expect(judge(runTrace([connectionOpened("a")]))).toEqual({ kind: "not-exercised" });
  });
});

describe.each([
  ["apns", "ios", "android", apnsRequirements, 22],
  ["fcm", "android", "ios", fcmRequirements, 23],
] as const)("the requirements of area %s/", (area, platform, other, requirements, count) => {
  test(`apply to servers that push to ${platform} only`, () => {
    for (const { applies } of requirements) {
      expect(applies(testFacts())).toBe(true);
      expect(applies(testFacts({ features: { platforms: [other] } }))).toBe(
        `the target declares no ${platform} platform`,
      );
    }
  });

  test("have ids of their own and quote a source", () => {
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(count);
    for (const { id, sources } of requirements) {
      expect(id.startsWith(`${area}/`)).toBe(true);
      expect(sources[0]?.quote).toMatch(/\w{3}/u);
    }
  });
});
