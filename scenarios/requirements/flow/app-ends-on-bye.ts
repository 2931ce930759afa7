import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { androidCallingApp, applePushKit } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "If the person who initiated the call hangs up, use the network connection between your app and server to notify the app. In your app,
// call the reportCall(with:endedAt:reason:) method of its CXProvider object, specifying CXCallEndedReason.remoteEnded as the reason for
// the end of the call." (Apple, Responding to VoIP Notifications from PushKit)
// "Call the setDisconnected(DisconnectCause) sending LOCAL as the parameter if the user terminated the call, or send REMOTE as the
// parameter if the other party terminated the call." (Android, Build a calling app)
export const appEndsOnBye: Requirement = {
  id: "flow/app-ends-on-bye",
  title: "The call is over on the phone when the caller hangs up.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "In your app, call the reportCall(with:endedAt:reason:) method of its CXProvider object, specifying CXCallEndedReason.remoteEnded as the reason for the end of the call.",
    ),
    androidCallingApp(
      "End a call",
      "Call the setDisconnected(DisconnectCause) sending LOCAL as the parameter if the user terminated the call, or send REMOTE as the parameter if the other party terminated the call.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientCallsOf(trace).flatMap(({ phone, legs, shown }): readonly Verdict[] => {
        const end = remoteEndOf(legs);
        if (end?.how !== "bye") return [notExercised];
        return shown
          .filter(({ ended }) => ended === undefined || ended.event.seq > end.event.seq)
          .map(({ since, ended }) =>
            judgeReaction(trace, phone, {
              what: "the end of the call on the phone",
              from: since.seq > end.event.seq ? since : end.event,
              overNetwork: false,
              takesUp: end.leg.invite.arrived,
              met: ended?.event,
              missing: "still-up",
              expected: "no call on the phone after the BYE",
            }),
          );
      }),
    ),
};
