import type { Role, RunFacts } from "../trace/run-facts.ts";
import type { Trace } from "../trace/trace.ts";

/** `<area>/<kebab-case>`, stable for ever. */
export type RequirementId = `${string}/${string}`;
export type Level = "must" | "should" | "may";
/** `house` is RingTrue's own good sense and at most a should. */
export type Origin = "standard" | "vendor" | "profile" | "house";

/** Where a requirement comes from; `quote` is the source's own sentence, word for word. */
export interface Source {
  readonly document: string;
  readonly section: string;
  readonly quote: string;
}

export interface Requirement {
  readonly id: RequirementId;
  /** One sentence saying what must hold. */
  readonly title: string;
  readonly level: Level;
  readonly origin: Origin;
  /** `both`: the judge reads the traces of either role. */
  readonly role: Role | "both";
  readonly scope: "case" | "run";
  readonly sources: readonly Source[];
  /** True, or why it does not apply to this run. */
  readonly applies: (facts: RunFacts) => true | string;
  /** Pure: same trace, same verdict. */
  readonly judge: (trace: Trace) => Verdict;
}

/** How far from its limit something was: `limitMs - actualMs` is the room left. */
export interface Margin {
  readonly what: string;
  readonly limitMs: number;
  readonly actualMs: number;
}

export type Verdict =
  | { readonly kind: "pass"; readonly evidence: readonly number[]; readonly margins?: readonly Margin[] }
  | {
      readonly kind: "fail";
      /** Stable kebab-case name of the way it failed. */
      readonly mismatch: string;
      /** What the failure rests on: a fail that rests on a deadline counts only when it shows again with the plan alone. */
      readonly basis: "content" | "order" | "deadline";
      readonly expected: string;
      readonly actual: string;
      /** `seq` of the events that show it; the last is the violation. */
      readonly evidence: readonly number[];
    }
  | { readonly kind: "inconclusive"; readonly why: string }
  | { readonly kind: "not-exercised" };

export type FailVerdict = Extract<Verdict, { readonly kind: "fail" }>;

/** Whether a requirement is about targets of that role. */
export function isForRole(requirement: Pick<Requirement, "role">, role: Role): boolean {
  return requirement.role === "both" || requirement.role === role;
}
