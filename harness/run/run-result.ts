import type { Plan } from "../plan/plan.ts";
import type { Margin, RequirementId, Verdict } from "../judge/requirement.ts";
import type { RunFacts } from "../trace/run-facts.ts";
import type { CaseId } from "../trace/trace-event.ts";
import type { CaseEnd, Trace } from "../trace/trace.ts";

/** One played case with what every applicable requirement said of it. */
export interface CaseResult {
  readonly id: CaseId;
  readonly scenario: string;
  /** `witness` plans are hand-picked, `generated` ones come from the scenario's arbitrary. */
  readonly source: "witness" | "generated";
  /** Index among the plans of its scenario. */
  readonly index: number;
  readonly plan: Plan;
  readonly verdicts: Readonly<Record<RequirementId, Verdict>>;
  readonly end: CaseEnd;
  readonly durationMs: number;
  /** Present while the case is worth evidence (fails, inconclusive, passing witnesses); not part of report.json. */
  readonly trace?: Trace;
}

export interface Counterexample {
  readonly requirement: RequirementId;
  readonly mismatch: string;
  readonly plan: Plan;
  /** The case of the survey it was shrunk from. */
  readonly caseId: CaseId;
  readonly seed: number;
  readonly path: string;
  /** The minimal plan played alone: failed k of n. */
  readonly reproduced: { readonly k: number; readonly n: number };
  readonly verdict: Verdict;
  readonly trace: Trace;
}

export interface ExpectedFailure {
  readonly requirement: RequirementId;
  readonly reason: string;
  /** ISO date; past it the entry is stale. */
  readonly expires?: string;
  readonly scenario?: string;
  readonly platform?: "ios" | "android";
  readonly transport?: "udp" | "tcp" | "tls" | "ws";
  readonly mismatch?: string;
}

export interface HarnessMeasures {
  readonly host: { readonly platform: string; readonly node: string; readonly cpus: number };
  readonly worstEventLoopDelayMs: number;
  /** The tightest margin seen per requirement. */
  readonly margins: Readonly<Record<RequirementId, Margin>>;
}

/** Everything a run found. Every report derives from this. */
export interface RunResult {
  readonly facts: RunFacts;
  readonly seed: number;
  /** Cases per scenario as asked for. */
  readonly runs: number;
  /** ISO time. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** True when part of the suite was deselected: it can exit 0 and never be certified. */
  readonly partial: boolean;
  readonly strict: boolean;
  readonly selected: { readonly scenarios: readonly string[]; readonly requirements: readonly RequirementId[] };
  readonly cases: readonly CaseResult[];
  readonly runTrace?: Trace;
  readonly runScope: Readonly<Record<RequirementId, Verdict>>;
  readonly counterexamples: readonly Counterexample[];
  readonly expectedFailures: readonly ExpectedFailure[];
  readonly harness: HarnessMeasures;
  readonly ended: "complete" | "interrupted" | "error";
  /** Why it ended with an error. */
  readonly error?: string;
  readonly shard?: { readonly index: number; readonly of: number };
}
