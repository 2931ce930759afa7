import { firstOf } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { lastOf, shownOnIphones, type ShownOnIphone } from "../answered-calls.ts";
import { applePushKit } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "If the recipient of a call answers before the app establishes a connection to your server, don’t fulfill the CXAnswerCallAction object
// sent to the provider(_:perform:) method of your delegate immediately. Instead, wait until you establish a connection and then fulfill
// the object." (Apple, Responding to VoIP Notifications from PushKit)
export const fulfilsOnceConnected: Requirement = {
  id: "callkit/fulfils-once-connected",
  title: "The answer action is not fulfilled before the app is registered and has the INVITE",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "If the recipient of a call answers before the app establishes a connection to your server, don’t fulfill the CXAnswerCallAction object sent to the provider(_:perform:) method of your delegate immediately.",
    ),
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "Instead, wait until you establish a connection and then fulfill the object.",
    ),
  ],
  applies(facts) {
    const { id, answerFulfil } = facts.profile;
    return answerFulfil === "connected" ? iosOnly(facts) : `the profile ${id} fulfils answers at once`;
  },
  judge: (trace) => conclude(shownOnIphones(trace).flatMap((one) => judgeCall(trace, one))),
};

function judgeCall(trace: Trace, { call, shown }: ShownOnIphone): readonly Verdict[] {
  return shown.actions.map(({ type, outcome, performed, settled }) => {
    if (type !== "answer" || outcome !== "fulfilled" || settled === undefined) return notExercised;
    const invite = firstOf(call.legs.map((leg) => leg.invite.arrived));
    // An INVITE that came shows that there is a connection.
    if (invite !== undefined && invite.seq < settled.seq) return pass([invite, settled]);
    const begun = lastOf([
      processOf(trace, call.phone.ref, settled),
      ...call.pushes.map(({ handed }) => handed).filter((handed) => (handed?.seq ?? Infinity) < settled.seq),
    ]);
    const isRegistered = call.phone.registrations.some(
      ({ request, accepted, removes }) =>
        !removes &&
        request.event.seq > (begun?.seq ?? -1) &&
        accepted?.arrived !== undefined &&
        accepted.arrived.seq < settled.seq,
    );
    return fail({
      mismatch: isRegistered ? "fulfilled-before-invite" : "fulfilled-before-registered",
      basis: "order",
      expected: "the answer action fulfilled once the app is registered and its INVITE has come",
      actual: isRegistered ? "fulfilled before the INVITE came" : "fulfilled before REGISTER was answered",
      evidence: [performed, settled],
    });
  });
}

/** The launch of the process that was running at the event. */
function processOf(trace: Trace, phone: string, event: TraceEvent): TraceEvent | undefined {
  return eventsOf(trace, "app.launched").findLast((launched) => launched.phone === phone && launched.seq < event.seq);
}
