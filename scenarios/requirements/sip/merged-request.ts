import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Leg } from "../../../harness/judge/client-view-legs.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { cseq, fromTag } from "../../../harness/wire/headers.ts";
import { overSince } from "../call-over.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "If the request has no tag in the To header field, the UAS core MUST check the request against ongoing transactions." and "The UAS
// processes the first such request received and responds with a 482 (Loop Detected) to the rest of them." (RFC 3261, 8.2.2.2)
export const mergedRequest: Requirement = {
  id: "sip/merged-request",
  title: "The same INVITE on a second branch does not ring a second time.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "8.2.2.2",
      "If the request has no tag in the To header field, the UAS core MUST check the request against ongoing transactions.",
    ),
    rfc3261(
      "8.2.2.2",
      "The UAS processes the first such request received and responds with a 482 (Loop Detected) to the rest of them.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientCallsOf(trace).flatMap((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: ClientCall): readonly Verdict[] {
  return call.legs.flatMap((leg, index): readonly Verdict[] => {
    const first = call.legs.slice(0, index).find((earlier) => isSameRequest(earlier, leg));
    const arrived = leg.invite.arrived;
    const began = first?.invite.arrived;
    if (first === undefined || arrived === undefined || began === undefined) return [notExercised];
    // A transaction that is over is not ongoing.
    if (first.final !== undefined && first.final.event.seq < arrived.seq) return [notExercised];
    const rings = call.shown
      .flatMap(({ ringing, ended }) => ringing.map(({ from }) => ({ from, ended })))
      .filter(({ ended }) => ended === undefined || ended.event.seq > began.seq);
    // A push that comes when all is over is another matter.
    const over = overSince(call)?.seq ?? Infinity;
    const second = rings.find(
      ({ from }, at) => at > 0 && from.seq > arrived.seq && from.seq < over && !isForLaterPush(call, from),
    );
    const violation = second?.from ?? (first.answer === undefined ? undefined : leg.answer?.event);
    if (violation === undefined) return [passUnlessCutShort(trace, [began, arrived])];
    return [
      fail({
        mismatch: "second-ring",
        basis: "content",
        expected: "482 to the second of them, or one ring for both",
        actual: second === undefined ? "both were answered" : "the phone rang for each",
        evidence: [began, arrived, violation],
      }),
    ];
  });
}

/** Rung for a push that came when the phone had nothing left of the call. */
function isForLaterPush({ pushes, shown }: ClientCall, ring: TraceEvent): boolean {
  const earlier = shown.filter(
    ({ since, ringing }) => since.seq < ring.seq && !ringing.some(({ from }) => from === ring),
  );
  return pushes.some(
    ({ handed }) =>
      handed !== undefined &&
      handed.seq < ring.seq &&
      earlier.length > 0 &&
      earlier.every(({ ended }) => ended !== undefined && ended.event.seq < handed.seq),
  );
}

function isSameRequest(a: Leg, b: Leg): boolean {
  return (
    a.invite.callId === b.invite.callId &&
    cseq(a.invite.sip)?.number === cseq(b.invite.sip)?.number &&
    fromTag(a.invite.sip) === fromTag(b.invite.sip)
  );
}
