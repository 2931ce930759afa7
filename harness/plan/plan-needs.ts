import type { Features } from "../trace/run-facts.ts";
import { anchorsOf } from "./anchors-of.ts";
import type { Action, AnchorName, Plan } from "./plan.ts";

/** Anchors after which a call is over, so that a call that begins then does not overlap it. */
const ends: ReadonlySet<AnchorName> = new Set(["call.rejected", "call.hung-up", "call.bye-received"]);
/** The same on a phone, which knows of a call by a push alone too. */
const endsOnPhone: ReadonlySet<AnchorName> = new Set([...ends, "user.declined", "user.hung-up"]);

/** What a plan needs that the target does not declare, in words; empty when it can be played. */
export function unmetNeeds(plan: Plan, features: Features): readonly string[] {
  const needs: readonly (readonly [needed: boolean, met: boolean, words: string])[] = [
    [true, features.transports.includes(plan.transport), `transport ${plan.transport}`],
    ...plan.phones.map(
      (phone) => [true, features.platforms.includes(phone.platform), `platform ${phone.platform}`] as const,
    ),
    [plan.calls.some(({ video }) => video), features.video, "video"],
    [sharesAccount(plan), features.multipleDevices, "multipleDevices"],
    [plan.role === "client" ? overlapsOnPhone(plan) : overlaps(plan), features.concurrentCalls, "concurrentCalls"],
    [plan.phones.some(({ signalling }) => signalling === "expired"), features.minExpiresS !== undefined, "minExpiresS"],
    [
      plan.phones.some(({ signalling }) => signalling === "half-dead"),
      features.deadFlowDetectionMs !== undefined,
      "deadFlowDetectionMs",
    ],
  ];
  return [...new Set(needs.filter(([needed, met]) => needed && !met).map(([, , words]) => words))];
}

function sharesAccount({ phones }: Plan): boolean {
  return new Set(phones.map(({ account }) => account)).size < phones.length;
}

/** Whether a second call may be placed while another is under way. */
function overlaps({ steps }: Plan): boolean {
  const placed = steps.filter((step) => step.do.kind === "caller.call");
  const afterAnEnd = placed.filter(({ after }) => "on" in after && ends.has(after.on));
  return placed.length - afterAnEnd.length > 1;
}

/**
 * Whether a phone may get a second call while it still has another: by push or INVITE, whichever of them stands first in the
 * plan.
 */
function overlapsOnPhone({ calls, phones, steps }: Plan): boolean {
  return phones.some(({ account }) => {
    const begun = calls.flatMap(({ callee }, i) => {
      const first = steps.find(({ do: action }) => beginsCall(action) && action.call === `call:${i + 1}`);
      return callee === account && first !== undefined ? [first] : [];
    });
    const afterAnEnd = begun.filter(({ after }) => anchorsOf("", after).some(([, { on }]) => endsOnPhone.has(on)));
    return begun.length - afterAnEnd.length > 1;
  });
}

function beginsCall(action: Action): action is Extract<Action, { readonly kind: "caller.call" | "push.send" }> {
  return action.kind === "caller.call" || action.kind === "push.send";
}
