import { waitedFor } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { mainLegOf, shownOnIphones, type ShownOnIphone } from "../answered-calls.ts";
import { applePushKit } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

// "While it waits for your app to fulfill the request, the incoming call interface lets the user know that the call is connecting, but not
// yet ready." (Apple, Responding to VoIP Notifications from PushKit)
export const fulfilsAfterAccepting: Requirement = {
  id: "callkit/fulfils-after-accepting",
  title: "The answer action is fulfilled once the INVITE is accepted",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "While it waits for your app to fulfill the request, the incoming call interface lets the user know that the call is connecting, but not yet ready.",
    ),
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "Instead, wait until you establish a connection and then fulfill the object.",
    ),
  ],
  applies(facts) {
    const { id, answerFulfil } = facts.profile;
    return answerFulfil === "connected" ? iosOnly(facts) : `the profile ${id} fulfils answers at once`;
  },
  judge: (trace) => conclude(shownOnIphones(trace).flatMap((one) => judgeCall(trace, one))),
};

function judgeCall(trace: Trace, { call, shown }: ShownOnIphone): readonly Verdict[] {
  const leg = mainLegOf(call);
  return shown.actions.map(({ type, outcome, settled }) => {
    const invite = leg?.invite.arrived;
    if (type !== "answer" || outcome !== "fulfilled" || settled === undefined) return notExercised;
    // Fulfilled before the INVITE came is judged by itself.
    if (leg === undefined || invite === undefined || invite.seq > settled.seq) return notExercised;
    const accepted = leg.answer?.event;
    const waited = waitedFor(trace, settled, accepted);
    if (waited === "yes") return pass([accepted, settled]);
    if (waited === "undecidable") return inconclusive("the answer action and the 2xx to INVITE crossed");
    return fail({
      mismatch: "fulfilled-before-2xx",
      basis: "order",
      expected: "the answer action fulfilled after the 2xx to INVITE",
      actual:
        accepted === undefined
          ? "fulfilled, and no 2xx to INVITE"
          : `fulfilled ${Math.round(accepted.atMs - settled.atMs)} ms before it`,
      evidence: [invite, accepted, settled],
    });
  });
}
