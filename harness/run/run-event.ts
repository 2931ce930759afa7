import type { TargetExit } from "../targets/target-definition.ts";
import type { RequirementId } from "../judge/requirement.ts";
import type { CaseId } from "../trace/trace-event.ts";
import type { CaseEnd } from "../trace/trace.ts";
import type { Counterexample, RunResult } from "./run-result.ts";

/** How many verdicts of each kind. */
export interface VerdictCounts {
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  readonly notExercised: number;
}

/** What a run tells while it is under way, for progress displays. Nothing depends on them. */
export type RunEvent =
  | {
      readonly kind: "run-started";
      readonly cases: number;
      readonly scenarios: readonly string[];
      readonly seed: number;
      readonly concurrency: number;
    }
  | { readonly kind: "case-started"; readonly case: CaseId; readonly scenario: string }
  | {
      readonly kind: "case-ended";
      readonly case: CaseId;
      readonly scenario: string;
      readonly end: CaseEnd["kind"];
      readonly counts: VerdictCounts;
      /** Cases ended so far, of `cases` in all. */
      readonly done: number;
      readonly cases: number;
    }
  /** The target's program ended by itself; it is started afresh before anything else is played. */
  | ({ readonly kind: "target-exited" } & TargetExit)
  | { readonly kind: "target-restarted" }
  /** A fail that rests on a deadline is being tried again with its plan alone. */
  | {
      readonly kind: "confirming";
      readonly requirement: RequirementId;
      readonly mismatch: string;
      readonly case: CaseId;
    }
  /** First confirmed fail of a requirement. */
  | {
      readonly kind: "requirement-failed";
      readonly requirement: RequirementId;
      readonly mismatch: string;
      readonly case: CaseId;
      readonly waived: boolean;
    }
  | {
      readonly kind: "shrinking";
      readonly requirement: RequirementId;
      readonly mismatch: string;
      readonly case: CaseId;
    }
  /** The shrink of a requirement is over and its minimal plan was played alone. */
  | { readonly kind: "confirmed"; readonly counterexample: Counterexample }
  | {
      readonly kind: "run-ended";
      readonly ended: RunResult["ended"];
      readonly error?: string;
      readonly durationMs: number;
    };
