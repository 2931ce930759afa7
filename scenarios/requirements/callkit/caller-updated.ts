import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { firstOf } from "../../../harness/judge/client-view-order.ts";
import { sameHandle } from "../../../harness/judge/client-view-payload.ts";
import type { CallUpdateReading } from "../../../harness/judge/client-view-ios.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { applePushKit } from "../client-documents.ts";
import { callFrom, handedPushes, iosOnly, reportOf, type HandedPush } from "../ios-pushes.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "If you didn’t put caller information in your notification’s payload, call the reportCall(with:updated:) method of your app’s provider
// object to update the calling interface." (Apple, Responding to VoIP Notifications from PushKit)
export const callerUpdated: Requirement = {
  id: "callkit/caller-updated",
  title: "A caller the push did not name is shown once the INVITE names it",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to VoIP Push Notifications in Your App",
      "If you didn’t put caller information in your notification’s payload, call the reportCall(with:updated:) method of your app’s provider object to update the calling interface.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) => conclude(handedPushes(trace).map((push) => judgePush(trace, push))),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const { handle, callerName, isMalformed } = push.reading;
  const call = clientCallsOf(trace, "ios").find(({ ref, phone }) => ref === push.call && phone.ref === push.phone);
  const report = reportOf(trace, push);
  const shown = callFrom(trace, report);
  if (isMalformed || handle !== undefined || callerName !== undefined) return notExercised;
  if (call === undefined || report === undefined || shown === undefined) return notExercised;
  if (names(report.update, call)) return notExercised;
  const invite = firstOf(
    call.legs.map((leg) => leg.invite.arrived).filter((event) => (event?.seq ?? 0) > shown.since.seq),
  );
  if (invite === undefined || (shown.ended?.event.seq ?? Infinity) < invite.seq) return notExercised;
  return judgeReaction(trace, push.on, {
    what: `the update of ${call.ref} after its INVITE`,
    from: invite,
    met: shown.updates.find(({ update }) => names(update, call))?.event,
    excuses: [shown.ended?.event, remoteEndOf(call.legs)?.event],
    missing: "not-updated",
    expected: `reportCall(with:updated:) naming ${call.identity.callerName} or ${call.identity.callerUri}`,
    overNetwork: false,
  });
}

function names({ handle, name }: CallUpdateReading, { identity }: ClientCall): boolean {
  return (
    (handle !== undefined && sameHandle(handle, identity.callerUri)) || name?.trim() === identity.callerName.trim()
  );
}
