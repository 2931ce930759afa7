import * as fc from "fast-check";
import type { Call, Phone, Plan, Step } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { person } from "./people.ts";
import { transport } from "./phones.ts";
import type { Steps } from "./call-courses.ts";

/** Who takes part and what happens: everything of a plan but the facts it is fitted to. */
export interface Draft {
  readonly phones: readonly Phone[];
  readonly calls: readonly Call[];
  readonly steps: readonly Step[];
}

/** One kind of cast (one phone, two devices, two calls, ...) and how often it is wanted. */
export interface Cast {
  readonly weight: number;
  /** What the target must declare for it to be played. */
  readonly when?: boolean;
  readonly draft: fc.Arbitrary<Draft>;
}

/** Steps shrink before calls, and these before phones. */
export function draft(
  steps: Steps,
  callees: readonly number[],
  facts: RunFacts,
  phones: readonly fc.Arbitrary<Phone>[],
): fc.Arbitrary<Draft> {
  const video = facts.features.video ? fc.boolean() : fc.constant(false);
  const calls = callees.map((callee) =>
    fc.record({ video, caller: person }).map(({ video, caller }): Call => ({ caller, callee, video })),
  );
  return fc
    .tuple(steps, fc.tuple(...calls), fc.tuple(...phones))
    .map(([steps, calls, phones]) => ({ phones, calls, steps }));
}

/** Plans of these casts over the transports the target declares. The first cast is the simplest: others shrink to it. */
export function planArbitrary(scenario: string, facts: RunFacts, casts: readonly Cast[]): fc.Arbitrary<Plan> {
  const playable = casts.filter(({ when = true }) => when).map(({ weight, draft }) => ({ weight, arbitrary: draft }));
  return fc
    .tuple(fc.oneof({ withCrossShrink: true }, ...playable), transport(facts.features))
    .map(([{ phones, calls, steps }, transport]) => ({
      scenario,
      role: facts.role,
      transport,
      phones: phones.map((phone) => (transport === "udp" || facts.role === "client" ? phone : onStream(phone))),
      calls,
      steps: (facts.role === "client" ? arrivalsFirst : startFirst)(steps).filter(
        ({ do: action }) => transport === "udp" || !action.kind.startsWith("wire."),
      ),
    }));
}

/** Steps are made in the order they shall be dropped in; a reader wants first what happens first. */
function startFirst(steps: readonly Step[]): readonly Step[] {
  return [...steps.filter(atStart), ...steps.filter((step) => !atStart(step))];
}

/** In the client role INVITEs and pushes wait for what the phone does; they come before what is done about the call. */
function arrivalsFirst(steps: readonly Step[]): readonly Step[] {
  const isArrival = ({ do: action }: Step): boolean => action.kind === "caller.call" || action.kind === "push.send";
  const later = steps.filter((step) => !atStart(step));
  return [...steps.filter(atStart), ...later.filter(isArrival), ...later.filter((step) => !isArrival(step))];
}

function atStart({ after }: Step): boolean {
  return "on" in after && after.on === "case.started";
}

/** A silent phone whose connection is up looks like a connected one to any server: on streams it is closed instead. */
function onStream(phone: Phone): Phone {
  return phone.signalling === "silent" ? { ...phone, signalling: "closed" } : phone;
}
