import { finalOf } from "../../../harness/judge/call-view-messages.ts";
import { isReportedEnd } from "../../../harness/judge/client-view-ios.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { CallEndedReason } from "../../../harness/trace/ios-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { appleForums } from "../apple-documents.ts";
import { judgeEndInTurn } from "../end-in-turn.ts";
import { callFrom, handedPushes, iosOnly, reportOf, type HandedPush } from "../ios-pushes.ts";
import { reasonsFor } from "../remote-end-reasons.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "This will ensure your call report either fails (with an existing call error, which you can ignore) or starts a new call (which you'll
// need to end on your own)." (Apple DTS, thread 768136)
export const pushOfEndedCall: Requirement = {
  id: "pushkit/push-of-ended-call",
  title: "A push for a call that is over is reported and ended at once, as the call ended",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleForums(
      "thread 768136",
      "This will ensure your call report either fails (with an existing call error, which you can ignore) or starts a new call (which you'll need to end on your own).",
    ),
  ],
  applies: iosOnly,
  judge: (trace) => conclude(handedPushes(trace).map((push) => judgePush(trace, push))),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const call = clientCallsOf(trace, "ios").find(({ ref, phone }) => ref === push.call && phone.ref === push.phone);
  if (call === undefined || push.reading.isMalformed) return notExercised;
  const over = endKnownBefore(call, push.handed);
  const shown = callFrom(trace, reportOf(trace, push));
  if (over === undefined || shown === undefined) return notExercised;
  const reasons = reasonsOf(call, push.handed);
  return judgeEndInTurn(trace, push.on, shown, {
    what: `the end of what rang for ${push.id}, whose call was over`,
    ...(reasons === undefined ? {} : { reasons }),
  });
}

/**
 * What told the app that the call is over, where it still can know: its process has lived on since. Undefined while any of the call is
 * live.
 */
function endKnownBefore(call: ClientCall, event: TraceEvent): TraceEvent | undefined {
  const legs = call.legs.filter(({ invite }) => invite.event.seq < event.seq);
  const shown = call.shown.filter(({ since }) => since.seq < event.seq);
  const ends = [
    ...legs.map((leg) => {
      const { final, answer } = leg;
      if (answer === undefined) return final?.event;
      const byes = [...leg.byesReceived.map(finalOf), ...leg.byesSent.map(({ request }) => request)];
      return byes.find((bye) => bye !== undefined)?.event;
    }),
    ...shown.map(({ ended }) => ended?.event),
  ];
  if (ends.length === 0 || ends.some((end) => end === undefined || end.seq > event.seq)) return undefined;
  const known = ends.reduce((last, end) => ((end?.seq ?? 0) > (last?.seq ?? 0) ? end : last));
  // A last message of the process before may be seen after its end.
  const launched = call.phone.life.findLast(({ event: { kind, seq } }) => kind === "app.launched" && seq < event.seq);
  const hasForgotten = launched !== undefined && launched.event.seq > (known?.seq ?? 0);
  return hasForgotten ? undefined : known;
}

/** Undefined: any, as the user or the app itself ended it. */
function reasonsOf(call: ClientCall, event: TraceEvent): readonly CallEndedReason[] | undefined {
  const remote = remoteEndOf(call.legs);
  const hasUserEnded = call.acts.some(
    ({ kind, seq }) => seq < event.seq && kind !== "user.answered" && kind !== "user.held",
  );
  if (remote === undefined || hasUserEnded) return undefined;
  const earlier = call.shown.flatMap(({ ended }) =>
    ended !== undefined && ended.event.seq < event.seq && isReportedEnd(ended.why) ? [ended.why] : [],
  );
  return [...new Set([...reasonsFor(remote, false), ...earlier])];
}
