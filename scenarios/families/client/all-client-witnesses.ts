import type { Plan } from "../../../harness/plan/plan.ts";
import { unmetNeeds } from "../../../harness/plan/plan-needs.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Platform, Transport } from "../../../harness/trace/trace-event.ts";
import type { Witness } from "../plan-for.ts";
import { suits } from "./client-plan.ts";

/** Hand-picked plans of a family by name. */
export interface ClientWitnesses {
  /** Played on every platform the target declares; those that name their phone's platform, there alone. */
  readonly onEach: Readonly<Record<string, Witness>>;
  /** Played once, the platforms taking turns: what happens on the wire and in the app rather than on its screen. */
  readonly inTurn: Readonly<Record<string, Witness>>;
}

/** Every witness the target's features allow, dealt in turn over the transports it declares. */
export function allClientWitnesses({ onEach, inTurn }: ClientWitnesses, facts: RunFacts): readonly Plan[] {
  const { platforms } = facts.features;
  const each = Object.values(onEach).flatMap((witness, i) =>
    // A step on with every platform too, so that each of them meets every transport.
    platforms.map((platform, p) => ({ witness, platform, turn: i + p })),
  );
  const once = Object.values(inTurn).map((witness, i) => ({
    witness,
    platform: platforms[i % platforms.length]!,
    turn: i + Math.floor(i / platforms.length),
  }));
  return [...each, ...once]
    .map(({ witness, platform, turn }) => ({ platform, plan: witness(on(facts, platform, turn)) }))
    .filter(({ platform, plan }) => plan.phones[0]?.platform === platform)
    .map(({ plan }) => plan)
    .filter((plan) => unmetNeeds(plan, facts.features).length === 0 && suits(plan, facts));
}

function on(facts: RunFacts, platform: Platform, turn: number): RunFacts {
  return {
    ...facts,
    features: { ...facts.features, platforms: [platform], transports: turned(facts.features.transports, turn) },
  };
}

function turned(transports: readonly Transport[], by: number): readonly Transport[] {
  const at = transports.length === 0 ? 0 : by % transports.length;
  return [...transports.slice(at), ...transports.slice(0, at)];
}
