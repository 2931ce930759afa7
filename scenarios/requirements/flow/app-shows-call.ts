import { firstOf } from "../../../harness/judge/client-view-order.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { overSince } from "../call-over.ts";
import { androidCallingApp, applePushKit } from "../client-documents.ts";
import { conclude, inconclusive, notExercised } from "../verdicts.ts";

// "VoIP apps must use CallKit to present the system’s call-related interfaces." (Apple, Responding to VoIP Notifications from PushKit)
// "The telecom subsystem calls this method when you add a new incoming call and your app should show its incoming call UI." (Android,
// Build a calling app)
export const appShowsCall: Requirement = {
  id: "flow/app-shows-call",
  title: "An INVITE that comes without a push, or before it, makes the phone ring.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Create a Call Provider Object to Manage Calls in Your App",
      "VoIP apps must use CallKit to present the system’s call-related interfaces.",
    ),
    androidCallingApp(
      "Implement the connection, onShowIncomingCallUi()",
      "The telecom subsystem calls this method when you add a new incoming call and your app should show its incoming call UI.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientCallsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: ClientCall): Verdict {
  const { phone, legs, pushes, shown } = call;
  const invite = legs[0]?.invite.arrived;
  if (invite === undefined) return notExercised;
  const isFirst =
    !pushes.some(({ handed }) => handed !== undefined && handed.seq < invite.seq) &&
    !shown.some(({ since }) => since.seq < invite.seq);
  // A user who is in a call may be busy: whether two calls are offered at once is for the app to say.
  const isBusy = phone.shown.some(
    (other) =>
      other.call !== call.ref && other.since.seq < invite.seq && (other.ended?.event.seq ?? Infinity) > invite.seq,
  );
  if (!isFirst || (isBusy && shown.length === 0)) return notExercised;
  const unknown = phone.shown.find((one) => one.call === undefined && one.since.seq > invite.seq);
  if (shown.length === 0 && unknown !== undefined)
    return inconclusive(`the phone shows ${unknown.id}, which may be ${call.ref} or another call`);
  return judgeReaction(trace, phone, {
    what: "the ringing of the phone",
    from: invite,
    overNetwork: false,
    met: firstOf<TraceEvent>([
      ...shown.flatMap(({ ringing }) => ringing.map(({ from }) => from)),
      ...refusals(trace, call),
    ]),
    excuses: [endedByOthers(call)],
    missing: "not-shown",
    expected: "an incoming call on the phone: CallKit, Telecom or a notification",
  });
}

/** The app asked the phone to ring, and the phone would not. */
function refusals(trace: Trace, { phone, ref }: ClientCall): readonly TraceEvent[] {
  return [
    ...eventsOf(trace, "call.refused"),
    ...eventsOf(trace, "telecom.refused"),
    ...eventsOf(trace, "notification.withheld"),
  ].filter((event) => event.phone === phone.ref && (event.call === undefined || event.call === ref));
}

/** The caller gave up: the app's own rejection is no reason not to ring. */
function endedByOthers(call: ClientCall): TraceEvent | undefined {
  const over = overSince(call);
  return over?.by === "world" ? over : undefined;
}
