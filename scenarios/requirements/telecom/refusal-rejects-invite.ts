import { notificationsOf } from "../../../harness/judge/client-view-android.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import type { ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { androidCallingApp } from "../client-documents.ts";
import { conclude, fail, notExercised } from "../verdicts.ts";
import { callsOnAndroid } from "./android-calls.ts";
import { goneSince, isGone } from "./notification-life.ts";
import { withTelecom } from "./telecom-applies.ts";

// "Your app should silently reject the incoming call, optionally posting a notification to inform the user of the missed call." (Android,
// Build a calling app)
export const refusalRejectsInvite: Requirement = {
  id: "telecom/refusal-rejects-invite",
  title: "A call that Telecom refuses is rejected, and nothing offers to answer it.",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidCallingApp(
      "Implement the connection service, onCreateIncomingConnectionFailed()",
      "Your app should silently reject the incoming call, optionally posting a notification to inform the user of the missed call.",
    ),
  ],
  applies: withTelecom,
  judge: (trace) =>
    conclude(
      callsOnAndroid(trace).flatMap(({ call }) =>
        eventsOf(trace, "telecom.refused")
          .filter((event) => event.phone === call.phone.ref && event.call === call.ref)
          .flatMap((refused) => [...judgeInvites(trace, call, refused), ...judgeNotifications(trace, call, refused)]),
      ),
    ),
};

function judgeInvites(trace: Trace, call: ClientCall, refused: EventOf<"telecom.refused">): readonly Verdict[] {
  return call.legs.map(({ invite, final }): Verdict => {
    const arrived = invite.arrived;
    if (arrived === undefined || (final !== undefined && final.event.seq < refused.seq)) return notExercised;
    if (final !== undefined && final.sip.status < 400) {
      return fail({
        mismatch: "not-rejected",
        basis: "content",
        expected: "a final response of 400 or above to the INVITE",
        actual: `${final.sip.status} ${final.sip.reason}`,
        evidence: [refused, final.event],
      });
    }
    return judgeReaction(trace, call.phone, {
      what: "the rejection of the INVITE",
      from: arrived.seq > refused.seq ? arrived : refused,
      met: final?.event,
      excuses: [remoteEndOf(call.legs)?.event],
      missing: "not-rejected",
      expected: "a final response of 400 or above to the INVITE",
    });
  });
}

function judgeNotifications(trace: Trace, call: ClientCall, refused: EventOf<"telecom.refused">): readonly Verdict[] {
  return notificationsOf(trace, call.phone.ref)
    .filter((notification) => notification.call === call.ref && !isGone(notification, refused))
    .map((notification) =>
      judgeReaction(trace, call.phone, {
        what: "the end of the notification",
        from: notification.shown.seq > refused.seq ? notification.shown : refused,
        overNetwork: false,
        met: goneSince(notification),
        missing: "notification-left",
        expected: "no notification that offers to answer the call",
      }),
    );
}
