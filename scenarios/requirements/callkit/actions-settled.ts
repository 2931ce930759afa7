import { iosPhoneOf, type IosAction } from "../../../harness/judge/client-view-ios.ts";
import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { callKitHeader } from "../apple-documents.ts";
import { appleReference } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

// "Called when an action was not performed in time and has been inherently failed." (Apple, CXProvider.h, provider:timedOutPerformingAction:)
export const actionsSettled: Requirement = {
  id: "callkit/actions-settled",
  title: "Every action is fulfilled or failed before its time is over",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "CXAction",
      "After each action is performed by the telephony provider, the provider’s delegate calls either the fulfill() method, indicating that the action was successfully performed, or the fail() method, to indicate that an error occurred; both of these methods set the isComplete property of the action to true.",
    ),
    callKitHeader(
      "provider:timedOutPerformingAction:",
      "Called when an action was not performed in time and has been inherently failed.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) =>
    conclude(clientPhonesOf(trace, "ios").flatMap(({ ref }) => iosPhoneOf(trace, ref).actions.map(judgeAction))),
};

function judgeAction({ type, performed, settled, outcome }: IosAction): Verdict {
  switch (outcome) {
    case "fulfilled":
    case "failed":
      return pass(
        [performed, settled],
        [
          {
            what: `the ${type} action`,
            limitMs: performed.timeoutMs,
            actualMs: Math.max(0, (settled?.atMs ?? 0) - performed.atMs),
          },
        ],
      );
    case "timed-out":
      return fail({
        mismatch: "timed-out",
        basis: "deadline",
        expected: `the ${type} action fulfilled or failed within ${performed.timeoutMs} ms`,
        actual: "neither",
        evidence: [performed, settled],
      });
    case undefined:
      return inconclusive(`the case ended before the time of the ${type} action was over`);
    default:
      // Its call or its process ended otherwise.
      return notExercised;
  }
}
