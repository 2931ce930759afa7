import type { Requirement } from "../../../harness/judge/requirement.ts";
import { applePushKit, appleReference } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { judgeRemoteEnds } from "../remote-end-reported.ts";

// "In your app, call the reportCall(with:endedAt:reason:) method of its CXProvider object, specifying CXCallEndedReason.remoteEnded as the
// reason for the end of the call." (Apple, Responding to VoIP Notifications from PushKit)
export const endedReason: Requirement = {
  id: "callkit/ended-reason",
  title: "A call its caller ends is reported ended by the remote party",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "In your app, call the reportCall(with:endedAt:reason:) method of its CXProvider object, specifying CXCallEndedReason.remoteEnded as the reason for the end of the call.",
    ),
    appleReference(
      "CXCallEndedReason.unanswered",
      "The call never started connecting and was never explicitly ended, such as when an outgoing or incoming call times out.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) => judgeRemoteEnds(trace, "plain"),
};
