import type { Push } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { before, within } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { endOf } from "./call-facts.ts";
import { applePushKit, firebasePriority } from "./documents.ts";
import { conclude, fail, inconclusive, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "After sending the initial push notification, don’t send additional push notifications to cancel the call or communicate new
// details to your app." (Apple, Responding to VoIP Notifications from PushKit, Respond to Call Hang Ups and Failures)
// "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing
// notifications." (Firebase, Set and manage Android message priority)
export const noCancelPush: Requirement = {
  id: "flow/no-cancel-push",
  title: "A call that its caller hung up, or that is over, is not pushed any more",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "After sending the initial push notification, don’t send additional push notifications to cancel the call or communicate new details to your app.",
    ),
    firebasePriority(
      "Message handling and deprioritization on Android",
      "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing notifications.",
    ),
  ],
  applies: ({ profile }) => profile.cancelByPush === false || `the profile ${profile.id} cancels calls by push`,
  judge: (trace) => conclude(callsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: CallView): Verdict {
  const end = endOf(call)?.event;
  const [first] = call.pushes;
  if (end === undefined || first === undefined) return notExercised;
  const isAdditional = (push: Push) =>
    call.pushes.some(
      ({ accepted, token, response }) =>
        accepted && token === push.token && response !== undefined && response.seq < push.request.seq,
    );
  const after = call.pushes.filter(({ request }) => before(end, request) === "yes");
  // What has been sent but not yet left through a connection still being opened cannot be told from what is sent late.
  const violation = after.find(
    (push) => isAdditional(push) || within(end, push.request, trace.facts.deadlines.ringStopAfterHangupMs) === "no",
  );
  if (violation !== undefined) {
    return fail({
      mismatch: "pushed-after-end",
      // A busy target's push may come long after the SIP it sent behind it: only time tells the order of two connections.
      basis: "deadline",
      expected: `no push of ${call.ref} after it ended`,
      actual: `a push ${Math.round(violation.request.atMs - end.atMs)} ms later`,
      evidence: [end, violation.request],
    });
  }
  if (after.length > 0) return inconclusive("the first push of the call crossed its end");
  if (call.pushes.some((push) => isAdditional(push) && before(end, push.request) === "undecidable"))
    return inconclusive("a further push of the call crossed its end");
  return passUnlessCutShort(trace, [first.request, end]);
}
