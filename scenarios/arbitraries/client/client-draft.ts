import * as fc from "fast-check";
import { sameHandle } from "../../../harness/judge/client-view-payload.ts";
import type { Call, InviteSpecials, Phone } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Steps } from "../call-courses.ts";
import type { Draft } from "../plan-arbitrary.ts";
import { draft } from "../plan-arbitrary.ts";

/** What may be special about the INVITE of a call; shrinks to nothing. */
function specials({ profile }: RunFacts, isKeyed: boolean): fc.Arbitrary<InviteSpecials | undefined> {
  const keyless: readonly InviteSpecials[] =
    isKeyed || profile.correlation.sip === "call-id" ? [] : [{ withoutKey: true }];
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom({ delayedOffer: true }, { reliable: true }, ...keyless) },
  );
}

/** For who would call a second time. */
const others: readonly Call["caller"][] = [
  { name: "Bob Sawyer", number: "+15550101" },
  { name: "Carol Kennicott", number: "+15550102" },
  { name: "Dora Spenlow", number: "+15550103" },
];

/** Where an app gives a call a name of its own, who calls is all that tells it from another: in one plan nobody calls twice. */
export function ofDifferentCallers(calls: readonly Call[]): readonly Call[] {
  const taken: string[] = [];
  return calls.map((call) => {
    const isFree = ({ number }: Call["caller"]) => !taken.some((other) => sameHandle(other, number));
    const caller = [call.caller, ...others].find(isFree) ?? call.caller;
    taken.push(caller.number);
    return { ...call, caller };
  });
}

/**
 * Steps shrink before calls, and these before phones; calls are for the accounts of `callees`. `isKeyed`: no INVITE comes without the
 * key it shares with its push, as nothing but the ringing phone could tie it to that.
 */
export function clientDraft(
  steps: Steps,
  callees: readonly number[],
  facts: RunFacts,
  phones: readonly fc.Arbitrary<Phone>[],
  { isKeyed = false }: { readonly isKeyed?: boolean } = {},
): fc.Arbitrary<Draft> {
  const invites = fc.tuple(...callees.map(() => specials(facts, isKeyed)));
  return fc.tuple(draft(steps, callees, facts, phones), invites).map(([drawn, invites]) => ({
    ...drawn,
    calls: ofDifferentCallers(drawn.calls).map((call, i): Call => ({
      ...call,
      ...(invites[i] === undefined ? {} : { invite: invites[i] }),
    })),
  }));
}
