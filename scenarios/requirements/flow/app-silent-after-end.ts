import { cameBefore } from "../../../harness/judge/client-view-order.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { isForgotten, overSince } from "../call-over.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, inconclusive, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "In that usage, a UAS that receives a CANCEL request for an INVITE, but has not yet sent a final response, would "stop ringing", and
// then respond to the INVITE with a specific error response (a 487)." (RFC 3261, 9)
export const appSilentAfterEnd: Requirement = {
  id: "flow/app-silent-after-end",
  title: "A call that is over does not ring again.",
  level: "should",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "9",
      'In that usage, a UAS that receives a CANCEL request for an INVITE, but has not yet sent a final response, would "stop ringing", and then respond to the INVITE with a specific error response (a 487).',
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientCallsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: ClientCall): Verdict {
  const over = overSince(call);
  if (over === undefined) return notExercised;
  const rings = call.shown.flatMap(({ ringing }) => ringing.map(({ from }) => from));
  const hadRung = rings.some(({ seq }) => seq < over.seq);
  const again = rings.find((from) => from.seq > over.seq && !isOwed(trace, call, over, from));
  if (again === undefined) return passUnlessCutShort(trace, [over]);
  // The first ring of a call may cross its end on the way; it is then for the end of the ringing to come in time.
  if (!hadRung && within(over, again, trace.facts.deadlines.ringStopAfterHangupMs) !== "no")
    return passUnlessCutShort(trace, [over]);
  if (cameBefore(trace, over, again) !== "yes") return inconclusive("the ring and the end of the call came together");
  return fail({
    mismatch: "rang-again",
    basis: "content",
    expected: `silence about ${call.ref} after its end`,
    actual: `it rang ${Math.round(again.atMs - over.atMs)} ms after it`,
    evidence: [over, again],
  });
}

/** iOS: a push that comes after the end has to be reported all the same. And a process that has forgotten the call cannot know. */
function isOwed(trace: Trace, { phone, pushes }: ClientCall, over: TraceEvent, ring: TraceEvent): boolean {
  const reported = pushes.some(
    ({ handed, returned }) =>
      phone.platform === "ios" &&
      handed !== undefined &&
      handed.seq < ring.seq &&
      ring.seq < (returned?.seq ?? Infinity),
  );
  return reported || isForgotten(trace, phone, over, ring);
}
