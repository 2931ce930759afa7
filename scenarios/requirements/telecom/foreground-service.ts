import type { AndroidCall } from "../../../harness/judge/client-view-android.ts";
import { firstOf } from "../../../harness/judge/client-view-order.ts";
import type { ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { androidServiceTypes } from "../client-documents.ts";
import { conclude, notExercised, pass } from "../verdicts.ts";
import { overSince } from "../call-over.ts";
import { callsOnAndroid } from "./android-calls.ts";
import { onAndroid } from "./telecom-applies.ts";

// "Continue an ongoing call using the ConnectionService APIs." and "Continue microphone capture from the background, such as voice
// recorders or communication apps." (Android, Foreground service types)
export const foregroundService: Requirement = {
  id: "telecom/foreground-service",
  title: "A foreground service runs while a call is going on.",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidServiceTypes("phoneCall", "Continue an ongoing call using the ConnectionService APIs."),
    androidServiceTypes(
      "microphone",
      "Continue microphone capture from the background, such as voice recorders or communication apps.",
    ),
  ],
  applies: onAndroid,
  judge: (trace) =>
    conclude(callsOnAndroid(trace).flatMap(({ call, shown }) => shown.map((one) => judgeCall(trace, call, one)))),
};

function judgeCall(trace: Trace, call: ClientCall, { answered, connected, ended }: AndroidCall): Verdict {
  const accepted = call.legs.find(({ answer }) => answer !== undefined)?.answer?.event;
  if (answered === undefined || accepted === undefined) return notExercised;
  const going = [answered, accepted, connected].reduce<TraceEvent>(
    (latest, event) => (event !== undefined && event.seq > latest.seq ? event : latest),
    answered,
  );
  const over = firstOf<TraceEvent>([overSince(call), ended?.event]);
  if (over !== undefined && over.seq < going.seq) return notExercised;
  const own = <E extends TraceEvent>(events: readonly E[]) => events.filter((event) => event.phone === call.phone.ref);
  const stops = own(eventsOf(trace, "service.stopped"));
  const starts = own(eventsOf(trace, "service.started"));
  const running = starts.findLast(
    (start) => start.seq < going.seq && !stops.some(({ seq }) => seq > start.seq && seq < going.seq),
  );
  if (running !== undefined) return pass([running, going]);
  return judgeReaction(trace, call.phone, {
    what: "the foreground service of the call",
    from: going,
    overNetwork: false,
    met: firstOf(starts.filter(({ seq }) => seq > going.seq)),
    excuses: [over],
    missing: "no-service",
    expected: "startForeground by the time the call is going on",
  });
}
