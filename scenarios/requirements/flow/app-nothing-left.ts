import type { ShownCall } from "../../../harness/judge/client-view-calls.ts";
import type { Leg } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { isOffline } from "../app-reaction.ts";
import { isForgotten, overSince } from "../call-over.ts";
import { androidCallingApp } from "../client-documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";
import { ownCalls } from "./own-calls.ts";

// "Your app should then call the destroy() method to inform the telecom subsystem that the app has processed the call." (Android, Build a
// calling app): what the phone shows at the end of a case is what SIP has.
export const appNothingLeft: Requirement = {
  id: "flow/app-nothing-left",
  title: "In the end the phone has the calls that SIP has.",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    androidCallingApp(
      "Implement the connection, onDisconnect()",
      "Your app should then call the destroy() method to inform the telecom subsystem that the app has processed the call.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientCallsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: ClientCall): Verdict {
  const { legs, phone, shown: all } = call;
  const shown = ownCalls(call);
  if (all.length === 0) return notExercised;
  const isAlive = (event: TraceEvent) =>
    !phone.life.some(({ state, event: change }) => state === "not-running" && change.seq > event.seq);
  // The dialogs of a process that ended are gone with it, and nobody is there to say so.
  const liveLeg = legs.find((leg) => isLive(leg) && leg.answer !== undefined && isAlive(leg.answer.event));
  const liveCall = shown.find(({ ended, since }) => ended === undefined && isAlive(since));
  const over = overSince(call);
  if (trace.end.kind === "finished") {
    if (
      liveCall !== undefined &&
      liveLeg === undefined &&
      over !== undefined &&
      !isForgotten(trace, phone, over, liveCall.since)
    ) {
      return fail({
        mismatch: "ghost-call",
        basis: "deadline",
        expected: `no ${call.ref} on the phone after its end`,
        actual: `${liveCall.id} is still there when the case ends`,
        evidence: [liveCall.since, over],
      });
    }
    const lost = lastEnded(shown);
    // Without a network nobody can be told, and a BYE is not kept for later.
    if (
      liveCall === undefined &&
      liveLeg?.answer !== undefined &&
      lost !== undefined &&
      !isOffline(trace, phone, lost)
    ) {
      return fail({
        mismatch: "silent-call",
        basis: "deadline",
        expected: `a BYE for ${call.ref}, which the phone no longer shows`,
        actual: "its dialog is still there when the case ends",
        evidence: [liveLeg.answer.event, lost],
      });
    }
  }
  return passUnlessCutShort(trace, [all[0]?.since, over]);
}

/** A dialog that both sides know of. */
function isLive({ answer, acks, byesSent, byesReceived }: Leg): boolean {
  return answer !== undefined && acks.length > 0 && byesSent.length === 0 && byesReceived.length === 0;
}

function lastEnded(shown: readonly ShownCall[]): TraceEvent | undefined {
  return shown.every(({ ended }) => ended !== undefined) ? shown.at(-1)?.ended?.event : undefined;
}
