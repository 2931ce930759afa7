import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { applePushKit, rfc3261 } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "In that usage, a UAS that receives a CANCEL request for an INVITE, but has not yet sent a final response, would "stop ringing", and
// then respond to the INVITE with a specific error response (a 487)." (RFC 3261, 9)
// "In your app, call the reportCall(with:endedAt:reason:) method of its CXProvider object, specifying CXCallEndedReason.remoteEnded as the
// reason for the end of the call." (Apple, Responding to VoIP Notifications from PushKit)
export const appStopsRinging: Requirement = {
  id: "flow/app-stops-ringing",
  title: "The phone stops ringing when the caller gives up.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "9",
      'In that usage, a UAS that receives a CANCEL request for an INVITE, but has not yet sent a final response, would "stop ringing", and then respond to the INVITE with a specific error response (a 487).',
    ),
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "In your app, call the reportCall(with:endedAt:reason:) method of its CXProvider object, specifying CXCallEndedReason.remoteEnded as the reason for the end of the call.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientCallsOf(trace).flatMap(({ phone, legs, shown }): readonly Verdict[] => {
        const end = remoteEndOf(legs);
        if (end?.how !== "cancel") return [notExercised];
        const answered = end.leg.answer;
        // A CANCEL that comes after the answer changes nothing (RFC 3261, 9.2).
        if (answered !== undefined && answered.event.seq < end.event.seq) return [notExercised];
        return shown
          .flatMap(({ ringing }) => ringing)
          .filter(({ until }) => until === undefined || until.seq > end.event.seq)
          .map(({ from, until }) =>
            judgeReaction(trace, phone, {
              what: "the end of the ringing",
              from: from.seq > end.event.seq ? from : end.event,
              limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
              overNetwork: false,
              takesUp: end.leg.invite.arrived,
              met: until,
              missing: "still-ringing",
              expected: "a phone that has stopped ringing",
            }),
          );
      }),
    ),
};
