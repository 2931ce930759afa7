import type { Plan } from "../../harness/plan/plan.ts";
import { unmetNeeds } from "../../harness/plan/plan-needs.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Witness } from "./plan-for.ts";

/** Every witness the target's features allow, dealt in turn over the transports and platforms it declares. */
export function allWitnesses(witnesses: Readonly<Record<string, Witness>>, facts: RunFacts): readonly Plan[] {
  const { features } = facts;
  return Object.values(witnesses)
    .map((witness, i) =>
      witness({
        ...facts,
        features: {
          ...features,
          transports: turned(features.transports, i),
          // One step slower than the transports, so that every pair of the two comes up.
          platforms: turned(features.platforms, Math.floor(i / features.transports.length)),
        },
      }),
    )
    .filter((plan) => unmetNeeds(plan, features).length === 0);
}

function turned<T>(list: readonly T[], by: number): readonly T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
