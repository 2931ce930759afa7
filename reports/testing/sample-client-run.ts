import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { concludeRun } from "../../harness/judge/run-verdict.ts";
import type { Requirement, Verdict } from "../../harness/judge/requirement.ts";
import type { Counterexample, RunResult } from "../../harness/run/run-result.ts";
import { sampleRun, type Sample } from "./sample-run.ts";
import { earlyMediaTrace, sampleClientPlan } from "./sample-client-trace.ts";

const mediaAfterActivation: Requirement = {
  id: "audio/media-after-activation",
  title: "Media starts only while the audio session is active",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [],
  applies: () => true,
  judge: () => ({ kind: "not-exercised" }),
};

const wellFormed: Requirement = { ...mediaAfterActivation, id: "sip/well-formed", title: "SIP is SIP", role: "both" };

/** A run of an app with one case, in which it starts media too early. */
export function sampleClientRun(hostile = ""): Sample {
  const { trace, violation } = earlyMediaTrace(hostile);
  const verdict: Verdict = {
    kind: "fail",
    mismatch: "media-before-activation",
    basis: "order",
    expected: `media started after the system activated the audio session${hostile}`,
    actual: `media started while it was inactive${hostile}`,
    evidence: violation,
  };
  const plan = sampleClientPlan(hostile);
  const counterexample: Counterexample = {
    requirement: mediaAfterActivation.id,
    mismatch: verdict.mismatch,
    plan,
    caseId: "answer-before-connect-0",
    seed: 42,
    path: "witness:0",
    reproduced: { k: 3, n: 3 },
    verdict,
    trace,
  };
  const facts = testFacts({
    role: "client",
    app: {
      name: `Acme Phone${hostile}`,
      version: "5.1",
      vendor: "Acme",
      telecom: "core",
      maxDevices: 8,
      features: ["video"],
    },
  });
  const change: Partial<RunResult> = {
    facts: { ...facts, target: { name: `Acme Phone for iOS${hostile}`, version: "5.1" } },
    selected: { scenarios: [plan.scenario], requirements: [mediaAfterActivation.id, wellFormed.id] },
    cases: [
      {
        id: counterexample.caseId,
        scenario: plan.scenario,
        source: "witness",
        index: 0,
        plan,
        verdicts: { [mediaAfterActivation.id]: verdict, [wellFormed.id]: { kind: "pass", evidence: [1] } },
        end: trace.end,
        durationMs: 2400,
        trace,
      },
    ],
    runScope: {},
    counterexamples: [counterexample],
    expectedFailures: [],
  };
  const { result, context } = sampleRun({ result: change });
  const scenarios = [{ id: plan.scenario, exercises: [mediaAfterActivation.id, wellFormed.id] }];
  return {
    result,
    context: { ...context, conclusion: concludeRun(result, [mediaAfterActivation, wellFormed], scenarios) },
  };
}
