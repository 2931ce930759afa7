import { firstOf, waitedFor } from "../../../harness/judge/client-view-order.ts";
import { clientCallsOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { appleReference, rfc3261 } from "../client-documents.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

// "When an incoming call is allowed by the system and approved by the user, the provider sends provider(_:perform:) to its delegate."
// (Apple, CXAnswerCallAction)
// "These UASs will frequently need to query the user about whether to accept the invitation." (RFC 3261, 13.1)
export const userDecides: Requirement = {
  id: "flow/user-decides",
  title: "No call is accepted that its user has not answered.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "CXAnswerCallAction",
      "When an incoming call is allowed by the system and approved by the user, the provider sends provider(_:perform:) to its delegate.",
    ),
    rfc3261("13.1", "These UASs will frequently need to query the user about whether to accept the invitation."),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientCallsOf(trace).flatMap(({ ref, legs, acts, shown }) =>
        legs.map(({ answer, invite }): Verdict => {
          if (answer === undefined) return notExercised;
          const answered = firstOf<TraceEvent>([
            acts.find(({ kind }) => kind === "user.answered"),
            ...shown.map((one) => one.answered),
          ]);
          const waited = waitedFor(trace, answer.event, answered);
          if (waited === "yes") return pass([answered, answer.event]);
          if (waited === "undecidable") return inconclusive("the 2xx and the user's answer came at the same time");
          return fail({
            mismatch: "answered-unasked",
            basis: answered === undefined ? "content" : "order",
            expected: `a 2xx to ${ref} after its user answered`,
            actual: answered === undefined ? "the user never answered" : "the user answered later",
            evidence: [invite.event, answer.event],
          });
        }),
      ),
    ),
};
