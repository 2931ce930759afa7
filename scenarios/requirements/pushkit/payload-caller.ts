import { sameHandle } from "../../../harness/judge/client-view-payload.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { applePushKit } from "../client-documents.ts";
import { handedPushes, iosOnly, reportOf, type HandedPush } from "../ios-pushes.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "After extracting the call data from the notification’s payload dictionary, create a CXCallUpdate object and pass it to the
// reportNewIncomingCall(with:update:completion:) method of your app’s CXProvider object." (Apple, Responding to VoIP Notifications from
// PushKit)
export const payloadCaller: Requirement = {
  id: "pushkit/payload-caller",
  title: "The report shows the caller the push names",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to VoIP Push Notifications in Your App",
      "After extracting the call data from the notification’s payload dictionary, create a CXCallUpdate object and pass it to the reportNewIncomingCall(with:update:completion:) method of your app’s CXProvider object.",
    ),
    applePushKit(
      "Generate Push Notifications from Your Server",
      "You might also want to include information about the caller, so that you can display that information in the incoming call UI.",
    ),
  ],
  applies(facts) {
    const { id, payload } = facts.profile;
    if (payload.handle === undefined && payload.callerName === undefined)
      return `the profile ${id} has no place for the caller`;
    return iosOnly(facts);
  },
  judge: (trace) =>
    conclude(
      handedPushes(trace)
        .filter(({ reading }) => !reading.isMalformed)
        .map((push) => judgePush(trace, push)),
    ),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const { handle, callerName } = push.reading;
  const report = reportOf(trace, push);
  if ((handle === undefined && callerName === undefined) || report === undefined) return notExercised;
  // A second report of a call the phone knows changes nothing of what it shows.
  if (report.outcome?.kind === "call.refused" && report.outcome.why === "callUUIDAlreadyExists") return notExercised;
  const { event } = report.request;
  const differs = (mismatch: string, what: string, expected: string, actual: string | undefined) =>
    fail({
      mismatch,
      basis: "content",
      expected: `${what} ${JSON.stringify(expected)}`,
      actual: actual === undefined ? `no ${what}` : JSON.stringify(actual),
      evidence: [push.handed, event],
    });
  const shown = report.update;
  if (handle !== undefined && (shown.handle === undefined || !sameHandle(shown.handle, handle)))
    return differs("other-handle", "remoteHandle", handle, shown.handle);
  if (callerName !== undefined && shown.name?.trim() !== callerName.trim())
    return differs("other-name", "localizedCallerName", callerName, shown.name);
  return pass([push.handed, event]);
}
