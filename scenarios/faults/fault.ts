import type { RequirementId } from "../../harness/judge/requirement.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";

/** The targets that come with RingTrue and conform until they are told to break one thing. */
export type ReferenceServer = "holding-proxy" | "parallel-proxy" | "b2bua";
export type ReferenceClient = "connected" | "at-once";
export type Reference = ReferenceServer | ReferenceClient;

/** One named thing a reference target does wrong on purpose, and the failure it must draw. */
export interface Fault {
  readonly name: string;
  readonly reference: Reference;
  /** The requirement that must fail, ... */
  readonly breaks: RequirementId;
  /** ... and as what. */
  readonly mismatch: string;
  /** Requirements that cannot but fail with it. */
  readonly alsoBreaks: readonly RequirementId[];
  /** Where it is planted: in a reference target, in a synthetic one, or in a stored trace. */
  readonly in: "reference" | "synthetic" | "trace";
  /** The plan under which it shows. */
  readonly witness: (facts: RunFacts) => Plan;
}
