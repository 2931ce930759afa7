import { uuidIn } from "../../../harness/judge/client-view-payload.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { applePushKit } from "../client-documents.ts";
import {
  handedPushes,
  inviteCameBefore,
  iosOnly,
  reportOf,
  wasReportedBefore,
  type HandedPush,
} from "../ios-pushes.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "After extracting the call data from the notification’s payload dictionary, create a CXCallUpdate object and pass it to the
// reportNewIncomingCall(with:update:completion:) method of your app’s CXProvider object." (Apple, Responding to VoIP Notifications from
// PushKit): where in the payload the UUID is, the profile says.
export const payloadUuid: Requirement = {
  id: "pushkit/payload-uuid",
  title: "A call is reported under the UUID of its push",
  level: "must",
  origin: "profile",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to VoIP Push Notifications in Your App",
      "After extracting the call data from the notification’s payload dictionary, create a CXCallUpdate object and pass it to the reportNewIncomingCall(with:update:completion:) method of your app’s CXProvider object.",
    ),
  ],
  applies(facts) {
    const { id, payload } = facts.profile;
    return payload.callUUID === undefined ? `the profile ${id} has no place for a UUID` : iosOnly(facts);
  },
  judge: (trace) => conclude(handedPushes(trace).map((push) => judgePush(trace, push))),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const expected = uuidIn(push.reading.callUUID);
  const report = reportOf(trace, push);
  // A call the phone knows already goes on under the UUID it has.
  if (expected === undefined || report === undefined || wasReportedBefore(trace, push)) return notExercised;
  if (report.callUUID === expected) return pass([push.handed, report.request.event]);
  if (inviteCameBefore(push, report)) return notExercised;
  return fail({
    mismatch: "other-uuid",
    basis: "content",
    expected: `the call reported under ${expected}`,
    actual: `reported under ${report.callUUID}`,
    evidence: [push.handed, report.request.event],
  });
}
