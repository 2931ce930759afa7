import type { Arbitrary } from "fast-check";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Scenario } from "../../harness/plan/scenario.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";

/** What a family has for targets of one role. */
export interface RolePart {
  readonly exercises: readonly string[];
  readonly witnesses: (facts: RunFacts) => readonly Plan[];
  readonly arbitrary: (facts: RunFacts) => Arbitrary<Plan>;
}

/** The family as one scenario, whose plans are for whatever role the run's target has. */
export function inBothRoles(id: string, title: string, server: RolePart, client: RolePart): Scenario {
  const partFor = ({ role }: RunFacts): RolePart => (role === "client" ? client : server);
  return {
    id,
    title,
    roles: ["server", "client"],
    exercises: [...new Set([...server.exercises, ...client.exercises])].toSorted(),
    witnesses: (facts) => partFor(facts).witnesses(facts),
    arbitrary: (facts) => partFor(facts).arbitrary(facts),
  };
}
