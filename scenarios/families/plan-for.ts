import type { Call, Phone, Plan, Step } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Platform, Transport } from "../../harness/trace/trace-event.ts";
import { handlingOn, type AnyHandling } from "../arbitraries/refusals.ts";

/** A hand-picked plan, fitted to what the target declares. */
export type Witness = (facts: RunFacts) => Plan;

/** What of a witness differs from the ordinary: one sleeping phone, one voice call. */
export interface PlanParts {
  /** Absent: the first the target declares. */
  readonly transport?: Transport;
  readonly phones?: readonly PhoneParts[];
  readonly calls?: readonly Partial<Call>[];
  readonly steps: readonly Step[];
}

/** Without a platform: of those the target declares, in turn. */
export type PhoneParts = Partial<Omit<Phone, "pushes">> & { readonly pushes?: readonly AnyHandling[] };

/** Who calls in hand-picked plans, in turn. */
export const callers: readonly Call["caller"][] = [
  { name: "Alice Liddell", number: "+15550100" },
  { name: "Bob Sawyer", number: "+15550101" },
  { name: "Carol Kennicott", number: "+15550102" },
  { name: "Dora Spenlow", number: "+15550103" },
];

export function planFor(scenario: string, facts: RunFacts, parts: PlanParts): Plan {
  const { platforms, transports } = facts.features;
  const phones = (parts.phones ?? [{}]).map((phone, i): Phone => {
    const signalling = phone.signalling ?? "closed";
    const app = signalling === "connected" || signalling === "half-dead" ? "foreground" : "suspended";
    const platform = phone.platform ?? platforms[i % platforms.length] ?? "ios";
    const pushes = (phone.pushes ?? []).map((handling) => handlingOn(platform, handling));
    return { account: 1, app, signalling, ...phone, platform, pushes };
  });
  const calls = (parts.calls ?? [{}]).map((call, i): Call => ({
    caller: callers[i % callers.length]!,
    callee: 1,
    video: false,
    ...call,
  }));
  return {
    scenario,
    role: facts.role,
    transport: parts.transport ?? transports[0] ?? "udp",
    phones,
    calls,
    steps: parts.steps,
  };
}

/** The first of the wished-for transports that the target declares, else its first. */
export function preferTransport(facts: RunFacts, ...wished: readonly Transport[]): Transport {
  const { transports } = facts.features;
  return wished.find((transport) => transports.includes(transport)) ?? transports[0] ?? "udp";
}

/** The witness with every phone it says nothing about on this platform, whatever the target declares beside it. */
export function onPlatform(platform: Platform, witness: Witness): Witness {
  return (facts) => witness({ ...facts, features: { ...facts.features, platforms: [platform] } });
}

/** The platform of the first phone, for those that must not differ from it. */
export function firstPlatform({ features }: RunFacts): Platform {
  return features.platforms[0] ?? "ios";
}
