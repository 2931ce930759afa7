import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { appleForums } from "../apple-documents.ts";
import { appleReference } from "../client-documents.ts";
import { judgeEndInTurn } from "../end-in-turn.ts";
import { callFrom, handedPushes, iosOnly, reportOf, type HandedPush } from "../ios-pushes.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "While you must report an incoming call immediately, you are still free to decide the call has failed and tell the system later,
// asynchronously." (Apple DTS, thread 117939)
export const malformedPushFailed: Requirement = {
  id: "pushkit/malformed-push-failed",
  title: "A push that names no call is reported and ended as failed",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleForums(
      "thread 117939",
      "While you must report an incoming call immediately, you are still free to decide the call has failed and tell the system later, asynchronously.",
    ),
    appleReference("CXCallEndedReason.failed", "An error occurred while attempting to service the call."),
  ],
  applies(facts) {
    const { callUUID, callId, hint } = facts.profile.payload;
    if ([callUUID, callId, hint].every((pointer) => pointer === undefined))
      return `the profile ${facts.profile.id} has no place for a key of the call`;
    return iosOnly(facts);
  },
  judge: (trace) =>
    conclude(
      handedPushes(trace)
        .filter(({ reading }) => reading.isMalformed)
        .map((push) => judgePush(trace, push)),
    ),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  // Without a report, or with one the system refused, nothing rings.
  const call = callFrom(trace, reportOf(trace, push));
  if (call === undefined) return notExercised;
  return judgeEndInTurn(trace, push.on, call, {
    what: `the end of what rang for the malformed push ${push.id}`,
    reasons: ["failed"],
  });
}
