import type { Clock } from "../clock/clock.ts";
import type { Requirement } from "../judge/requirement.ts";
import type { Scenario } from "../plan/scenario.ts";
import type { StartedTarget } from "../targets/target-definition.ts";
import type { Trace } from "../trace/trace.ts";
import type { RunEvent } from "./run-event.ts";
import type { ExpectedFailure, RunResult } from "./run-result.ts";
import type { Account, World } from "./world.ts";

/** Everything one run is made of. */
export interface SuiteOptions {
  /** Open; the run closes it, however it ends. */
  readonly world: World;
  /** Ready; whoever started it stops it. */
  readonly target: StartedTarget;
  /** The selected ones, of every role and scope; those that do not apply are left out by themselves. */
  readonly requirements: readonly Requirement[];
  /** The selected ones. */
  readonly scenarios: readonly Scenario[];
  readonly suite: {
    /** Generated cases per scenario, after its witnesses. */
    readonly runs: number;
    readonly seed: number;
    /** Cases played at once, at most; the world's capacity and the accounts may allow fewer. */
    readonly concurrency: number;
    readonly strict: boolean;
  };
  /** True when part of the suite was deselected. */
  readonly partial: boolean;
  readonly expectedFailures: readonly ExpectedFailure[];
  /** What RingTrue itself did wrong in a trace, in words; anything makes the case a harness fault. */
  readonly ownFaults: (trace: Trace) => readonly string[];
  /** Unique between runs, of `a-z` and `0-9`: part of every user, token and caller URI. */
  readonly nonce: string;
  /** Accounts to lease from; absent: the world makes them up. */
  readonly accounts?: readonly Account[];
  /** Plays part of the plans: those whose number in the run, counted from 0, is `index - 1` modulo `of`. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Keeps the trace of every case, not only of those worth evidence. @default false */
  readonly keepAll?: boolean;
  /** Longest event-loop delay since the run began, for the report. @default 0 */
  readonly worstEventLoopDelayMs?: () => number;
  /** @default see `defaultSearchBudget` */
  readonly search?: SearchBudget;
  readonly clock: Clock;
  /** Ends the run early; the result is marked interrupted. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** What the search for minimal plans may cost. */
export interface SearchBudget {
  /** For the shrink of one requirement, and again for playing its minimal plan more than once. */
  readonly perRequirementMs: number;
  /** For all shrinks of the run together. */
  readonly totalMs: number;
  /** How often a minimal plan is played alone: "failed k of n". */
  readonly reproductions: number;
}

export const defaultSearchBudget: SearchBudget = { perRequirementMs: 20_000, totalMs: 60_000, reproductions: 3 };

/** Failing plans are taken as they are, and not played again. */
export const noSearch: SearchBudget = { perRequirementMs: 0, totalMs: 0, reproductions: 0 };

export type RunSuite = (options: SuiteOptions) => Promise<RunResult>;
