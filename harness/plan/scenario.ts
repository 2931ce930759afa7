import type { Arbitrary } from "fast-check";
import type { Role, RunFacts } from "../trace/run-facts.ts";
import type { Plan } from "./plan.ts";

/** Stimulus only: it generates plans and judges nothing. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Roles of targets it has plans for; `facts.role` says for which of them plans are wanted. */
  readonly roles: readonly Role[];
  /** Played only when it is named: it is not part of the suite. */
  readonly byName?: boolean;
  /** Ids of the requirements its plans can exercise. */
  readonly exercises: readonly string[];
  /** Hand-picked plans, played first; between them they exercise everything in `exercises`. */
  readonly witnesses: (facts: RunFacts) => readonly Plan[];
  readonly arbitrary: (facts: RunFacts) => Arbitrary<Plan>;
}
