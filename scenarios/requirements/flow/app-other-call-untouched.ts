import { androidCallsOf } from "../../../harness/judge/client-view-android.ts";
import { iosPhoneOf } from "../../../harness/judge/client-view-ios.ts";
import { firstOf } from "../../../harness/judge/client-view-order.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { canReact } from "../app-reaction.ts";
import { applePushKit } from "../client-documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "Each provider object represents a single instance of your app’s phone service and facilitates interactions with the system." (Apple,
// Responding to VoIP Notifications from PushKit): one provider, many calls, each with an end of its own.
export const appOtherCallUntouched: Requirement = {
  id: "flow/app-other-call-untouched",
  title: "The end of one call leaves the other as it was.",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Create a Call Provider Object to Manage Calls in Your App",
      "Each provider object represents a single instance of your app’s phone service and facilitates interactions with the system.",
    ),
  ],
  applies: () => true,
  judge(trace) {
    const calls = clientCallsOf(trace);
    return conclude(
      calls.flatMap((call) => {
        const others = calls.filter(({ ref, phone }) => ref !== call.ref && phone.ref === call.phone.ref);
        return others.map((other) => judgePair(trace, call, other));
      }),
    );
  },
};

function judgePair(trace: Trace, ending: ClientCall, other: ClientCall): Verdict {
  const end = outsideEnd(trace, ending);
  if (end === undefined) return notExercised;
  const shown = other.shown.find(
    ({ since, ended }) => since.seq < end.seq && (ended === undefined || ended.event.seq > end.seq),
  );
  const touched = firstOf<TraceEvent>([
    shown?.ended?.event,
    ...other.legs.flatMap(({ final, byesSent }) => [
      final !== undefined && final.sip.status >= 300 ? final.event : undefined,
      byesSent[0]?.request.event,
    ]),
  ]);
  const own = outsideEnd(trace, other);
  if (shown === undefined || (own !== undefined && own.seq < end.seq)) return notExercised;
  const limitMs = trace.facts.deadlines.appReactsMs;
  const isTouched =
    touched !== undefined &&
    touched.seq > end.seq &&
    (own === undefined || touched.seq < own.seq) &&
    canReact(trace, other.phone, touched) &&
    !isOverdue(trace, other, touched) &&
    within(end, touched, limitMs) === "yes";
  if (!isTouched) return passUnlessCutShort(trace, [end, shown.since]);
  return fail({
    mismatch: "other-call-ended",
    basis: "content",
    expected: `${other.ref} as it was, when ${ending.ref} ended`,
    actual: `${other.ref} ended ${Math.round(touched.atMs - end.atMs)} ms after it`,
    evidence: [end, touched],
  });
}

/** What ended a call from outside the app: its caller, its user, or the system in the user's name. */
function outsideEnd(trace: Trace, { phone, ref, legs, acts }: ClientCall): TraceEvent | undefined {
  const asked =
    phone.platform === "ios"
      ? iosPhoneOf(trace, phone.ref)
          .calls.filter(({ call }) => call === ref)
          .flatMap(({ actions }) =>
            actions.filter(({ type, performed }) => type === "end" && performed.asker === "user"),
          )
          .map(({ performed }) => performed)
      : androidCallsOf(trace, phone.ref)
          .filter(({ call }) => call === ref)
          .flatMap(({ connection }) => connection?.asked ?? [])
          .filter(({ act }) => act === "decline" || act === "hang-up" || act === "abort");
  return firstOf<TraceEvent>([
    remoteEndOf(legs)?.event,
    ...acts.filter(({ kind }) => kind === "user.declined" || kind === "user.hung-up"),
    ...asked,
  ]);
}

/** The app has waited long enough for an INVITE that did not come. */
function isOverdue(trace: Trace, { pushes, legs }: ClientCall, touched: TraceEvent): boolean {
  const invited = legs.some(({ invite }) => invite.arrived !== undefined && invite.arrived.seq < touched.seq);
  const pushed = pushes[0]?.delivered;
  return !invited && pushed !== undefined && within(pushed, touched, trace.facts.deadlines.inviteWaitMs.min) !== "yes";
}
