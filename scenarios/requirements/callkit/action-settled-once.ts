import { iosPhoneOf, type IosAction } from "../../../harness/judge/client-view-ios.ts";
import { linkRequests, textParam } from "../../../harness/judge/client-view-link.ts";
import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { appleReference } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "An action that has already timed out should not be fulfilled or failed by the provider delegate."
// (Apple, provider(_:timedOutPerforming:))
export const actionSettledOnce: Requirement = {
  id: "callkit/action-settled-once",
  title: "An action that is settled is not settled again",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "CXProviderDelegate.provider(_:timedOutPerforming:)",
      "An action that has already timed out should not be fulfilled or failed by the provider delegate.",
    ),
    appleReference(
      "CXAction.isComplete",
      "A Boolean value that indicates whether the action has been performed by the provider.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace, "ios").flatMap((phone) =>
        iosPhoneOf(trace, phone.ref).actions.map((action) => judgeAction(trace, phone, action)),
      ),
    ),
};

function judgeAction(trace: Trace, phone: ClientPhone, action: IosAction): Verdict {
  const { settled, late } = action;
  if (settled === undefined) return notExercised;
  const again = late.find((event) => isAgainstRules(trace, phone, event));
  if (again === undefined) return pass([settled]);
  return fail({
    mismatch: "settled-again",
    basis: "content",
    expected: `nothing more said of the ${action.type} action, which was ${settled.outcome}`,
    actual: again.said,
    evidence: [settled, again],
  });
}

/** What the app could not know yet, or the contract lets pass, is no second settlement. */
function isAgainstRules(
  trace: Trace,
  phone: ClientPhone,
  { said, outcome, action, seq }: EventOf<"action.late">,
): boolean {
  switch (outcome) {
    case "fulfilled":
    case "failed":
      return true;
    case "call-ended":
      // The app ended the call; what it fails with it is ignored (DEVICE-LINK section 3).
      return said === "fulfill";
    case "timed-out":
      return linkRequests(trace, phone.ref).some(
        ({ method, event, reply }) =>
          method === "provider.timedOutPerforming" &&
          textParam(event, "actionId") === action &&
          reply !== undefined &&
          reply.seq < seq,
      );
    default:
      return false;
  }
}
