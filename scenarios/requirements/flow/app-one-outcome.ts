import { cameBefore } from "../../../harness/judge/client-view-order.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";
import { ownCalls } from "./own-calls.ts";

// "If a request is accepted, all state changes associated with it MUST be performed. If it is rejected, all state changes MUST NOT be
// performed." (RFC 3261, 8.2)
export const appOneOutcome: Requirement = {
  id: "flow/app-one-outcome",
  title: "User, phone and SIP agree how a call ended.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "8.2",
      "If a request is accepted, all state changes associated with it MUST be performed. If it is rejected, all state changes MUST NOT be performed.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientCallsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: ClientCall): Verdict {
  const { acts, legs } = call;
  const shown = ownCalls(call);
  const accepted = legs.find(({ answer }) => answer !== undefined)?.answer?.event;
  const differ = (expected: string, actual: string, evidence: readonly TraceEvent[]): Verdict =>
    fail({ mismatch: "outcomes-differ", basis: "content", expected, actual, evidence });
  if (accepted !== undefined) {
    const declined = acts.find(({ kind, seq }) => kind === "user.declined" && seq < accepted.seq);
    if (declined !== undefined)
      return differ("no 2xx for a call its user declined", "the app accepted it", [declined, accepted]);
    const ended = shown.at(-1)?.ended;
    // Seen in the right order it is right: nobody accepts what has ended, and ends it afterwards.
    const isOver =
      ended === undefined || ended.event.seq > accepted.seq ? "no" : cameBefore(trace, ended.event, accepted);
    if (ended !== undefined && isOver === "yes")
      return differ(`no 2xx for a call the phone shows as ended (${ended.why})`, "the app accepted it", [
        ended.event,
        accepted,
      ]);
    // Who accepts and hangs up in the same moment leaves nothing behind: either order is right.
    const isHungUp = legs.some(({ byesSent, byesReceived }) => byesSent.length > 0 || byesReceived.length > 0);
    if (isOver === "undecidable" && !isHungUp)
      return inconclusive("the 2xx and the end of the call on the phone came together");
    return shown.length === 0 ? notExercised : pass([shown[0]?.since, accepted]);
  }
  const refusal = legs.find(({ final }) => final !== undefined && final.sip.status >= 300);
  const rejected = refusal?.final?.event;
  // An INVITE that comes when the call is over is late: it may be rejected whatever was shown before.
  const connected = shown.find(
    (one) => one.connected !== undefined && (one.ended?.event.seq ?? Infinity) > (refusal?.invite.event.seq ?? 0),
  )?.connected;
  if (rejected === undefined) return notExercised;
  // A profile that answers at once shows a call connected before it is; a CANCEL may then still win.
  const isCancelled = remoteEndOf(legs) !== undefined;
  if (
    connected !== undefined &&
    !isCancelled &&
    !acts.some(({ kind }) => kind === "user.hung-up" || kind === "user.declined")
  )
    return differ("no rejection of a call the phone shows as connected", "the app rejected its INVITE", [
      connected,
      rejected,
    ]);
  return shown.length === 0 ? notExercised : pass([shown[0]?.since, rejected]);
}
