import { concludeRun } from "../../harness/judge/run-verdict.ts";
import type { Requirement, RequirementId, Verdict } from "../../harness/judge/requirement.ts";
import type { CaseResult, Counterexample, RunResult } from "../../harness/run/run-result.ts";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import type { ReportContext } from "../report-context.ts";
import { cancelPushTrace, samplePlan } from "./sample-trace.ts";

const scenarios = [
  {
    id: "caller-hangup",
    title: "The caller hangs up",
    exercises: ["flow/no-cancel-push", "apns/topic", "sip/trying-in-time"],
  },
  { id: "delayed-delivery", title: "The push comes late", exercises: ["apns/topic", "apns/expiration"] },
];

function requirement(
  id: RequirementId,
  title: string,
  rest: Partial<Requirement> & { readonly quote?: string; readonly document?: string; readonly section?: string } = {},
): Requirement {
  const { quote, document = "RFC 3261", section = "9.1", ...others } = rest;
  return {
    id,
    title,
    level: "must",
    origin: "standard",
    role: "server",
    scope: "case",
    sources: quote === undefined ? [] : [{ document, section, quote }],
    applies: () => true,
    judge: () => ({ kind: "not-exercised" }),
    ...others,
  };
}

/** One requirement per verdict there is, in the catalogue's order. */
export const sampleRequirements: readonly Requirement[] = [
  requirement("flow/no-cancel-push", "A call that ended is not pushed again", {
    origin: "vendor",
    document: "Apple, Responding to VoIP Notifications from PushKit",
    section: "Overview",
    quote: "Don’t send push notifications to cancel or update a call that’s already in progress.",
  }),
  requirement("flow/hang-up-reaches-phone", "The caller's CANCEL reaches a phone that has the INVITE", {
    section: "16.10",
    quote:
      "A proxy MUST cancel any pending client transactions associated with a response context when it receives a matching CANCEL request.",
  }),
  requirement("flow/one-live-invite", "At most one INVITE of a call is live in a running app", {
    applies: () => "it applies to delivery parallel",
  }),
  requirement("flow/push-video-flag", "The push says video exactly when the caller offers it", {
    level: "should",
    origin: "profile",
    document: "profile rfc8599",
    section: "payload.video",
    quote: "hasVideo is true for a video call",
  }),
  requirement("flow/logged-out-not-pushed", "A phone that logged out is not pushed"),
  requirement("apns/topic", "A push names the app's VoIP topic", {
    origin: "vendor",
    document: "Apple, Sending notification requests to APNs",
    section: "Table 1",
    quote: "The topic for the notification.",
  }),
  requirement("apns/expiration", "A push that announces a call expires at once or within a few seconds", {
    origin: "vendor",
    document: "Apple, Responding to VoIP Notifications from PushKit",
    section: "Generate Push Notifications from Your Server",
    quote: "Set the value of the `apns-expiration` header field to `0`, or to only a few seconds.",
  }),
  requirement("apns/connection-reuse", "Connections to APNs are kept", {
    level: "should",
    origin: "house",
    scope: "run",
  }),
  requirement("sip/trying-in-time", "An INVITE is answered within 200 ms", {
    section: "17.2.1",
    quote: "It MUST be prepared to generate a 100 (Trying) response within 200 ms",
  }),
];

const pass: Verdict = { kind: "pass", evidence: [3] };
const notExercised: Verdict = { kind: "not-exercised" };

/** What a test changes of the ordinary sample. */
export interface SampleChange {
  /** Stands in the caller's name, verdict texts, headers and payload: for text that is out to do harm. */
  readonly hostile?: string;
  readonly result?: Partial<RunResult>;
  readonly context?: Partial<ReportContext>;
}

export interface Sample {
  readonly result: RunResult;
  readonly context: ReportContext;
}

/** A run of two scenarios with a fail of a must and of a should, an expected one, something open, and something that never applied. */
export function sampleRun({ hostile = "", result: resultChange, context: contextChange }: SampleChange = {}): Sample {
  const plan = samplePlan(hostile);
  const { trace, violation } = cancelPushTrace(hostile);
  const cancelPush: Verdict = {
    kind: "fail",
    mismatch: "pushed-after-end",
    basis: "order",
    expected: `no push for call:1 after its caller hung up${hostile}`,
    actual: `a push 110 ms after the caller's CANCEL${hostile}`,
    evidence: violation,
  };
  const videoFlag: Verdict = {
    kind: "fail",
    mismatch: "video-flag-differs",
    basis: "content",
    expected: "/hasVideo false for a voice call",
    actual: "true",
    evidence: [violation.at(-1) ?? 0],
  };
  const longExpiration: Verdict = {
    kind: "fail",
    mismatch: "too-late",
    basis: "content",
    expected: "apns-expiration 0 or at most 60 s ahead",
    actual: "86400 s ahead",
    evidence: [violation.at(-1) ?? 0],
  };
  const open: Verdict = { kind: "inconclusive", why: "the event loop lagged by 310 ms" };
  const one = (
    id: string,
    scenario: string,
    verdicts: Readonly<Record<RequirementId, Verdict>>,
    withTrace: boolean,
  ): CaseResult => ({
    id,
    scenario,
    source: id.endsWith("-1") ? "witness" : "generated",
    index: Number(id.slice(id.lastIndexOf("-") + 1)) - 1,
    plan: { ...plan, scenario },
    verdicts,
    end: trace.end,
    durationMs: 2400,
    ...(withTrace ? { trace } : {}),
  });
  const silent = { "flow/logged-out-not-pushed": notExercised };
  const cases = [
    one(
      "caller-hangup-1",
      "caller-hangup",
      {
        "flow/no-cancel-push": cancelPush,
        "flow/hang-up-reaches-phone": pass,
        "flow/push-video-flag": pass,
        "apns/topic": pass,
        "sip/trying-in-time": open,
        ...silent,
      },
      true,
    ),
    one(
      "caller-hangup-2",
      "caller-hangup",
      {
        "flow/no-cancel-push": pass,
        "flow/push-video-flag": videoFlag,
        "apns/topic": pass,
        "sip/trying-in-time": open,
        ...silent,
      },
      true,
    ),
    one(
      "delayed-delivery-1",
      "delayed-delivery",
      { "flow/no-cancel-push": notExercised, "apns/topic": pass, "apns/expiration": longExpiration, ...silent },
      true,
    ),
    one("delayed-delivery-2", "delayed-delivery", { "apns/topic": pass, "sip/trying-in-time": open, ...silent }, false),
  ];
  const counterexample: Counterexample = {
    requirement: "flow/no-cancel-push",
    mismatch: "pushed-after-end",
    plan,
    caseId: "caller-hangup-1",
    seed: 42,
    path: "witness:0:1",
    reproduced: { k: 5, n: 5 },
    verdict: cancelPush,
    trace,
  };
  const result: RunResult = {
    facts: {
      ...testFacts(),
      target: { name: `Acme SIP proxy${hostile}`, version: "5.6.3", vendor: "Acme" },
    },
    seed: 42,
    runs: 2,
    startedAt: "2026-11-20T12:00:00.000Z",
    durationMs: 12_345,
    partial: false,
    strict: false,
    selected: {
      scenarios: scenarios.map(({ id }) => id),
      requirements: sampleRequirements.map(({ id }) => id),
    },
    cases,
    runScope: {
      "apns/connection-reuse": {
        kind: "fail",
        mismatch: "connection-per-push",
        basis: "content",
        expected: "fewer connections than pushes",
        actual: "8 connections for 8 pushes",
        evidence: [],
      },
    },
    counterexamples: [counterexample],
    expectedFailures: [{ requirement: "apns/expiration", reason: `ACME-12${hostile}`, expires: "2027-01-01" }],
    harness: {
      host: { platform: "linux", node: "v20.20.2", cpus: 2 },
      worstEventLoopDelayMs: 310.4,
      margins: {
        "flow/hang-up-reaches-phone": {
          what: "the CANCEL at phone:1 after the caller hung up",
          limitMs: 2000,
          actualMs: 31,
        },
      },
    },
    ended: "complete",
    ...resultChange,
  };
  const context: ReportContext = {
    directory: "ringtrue-report",
    formats: ["json", "html", "junit"],
    conclusion: concludeRun(result, sampleRequirements, scenarios),
    tool: { name: "ringtrue", version: "0.1.0" },
    catalogueVersion: "2026.11",
    effectiveConfig: {
      target: {
        name: "Acme SIP proxy",
        ready: { log: /listening/iu },
        args: (world: { file(name: string): string }) => ["-c", world.file("proxy.conf")],
      },
      suite: { runs: 2, seed: undefined },
    },
    replayCommand: (replayFile) => `npx ringtrue replay ${replayFile}`,
    secrets: [],
    ...contextChange,
  };
  return { result, context };
}
