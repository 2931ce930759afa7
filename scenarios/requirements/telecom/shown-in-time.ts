import type { ClientPush } from "../../../harness/judge/client-view-pushes.ts";
import { firstOf } from "../../../harness/judge/client-view-order.ts";
import type { ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { hasAccount, judgeReaction } from "../app-reaction.ts";
import { firebasePriority } from "../client-documents.ts";
import { registerRefusal } from "../register-refusal.ts";
import { conclude, notExercised, pass } from "../verdicts.ts";
import { overSince } from "../call-over.ts";
import { callsOnAndroid, type CallOnAndroid } from "./android-calls.ts";
import { onAndroid } from "./telecom-applies.ts";

// "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing notifications."
// and "As best practice, you should process the message payload and display a notification immediately within the onMessageReceived
// method." (Firebase, Set and manage Android message priority)
export const shownInTime: Requirement = {
  id: "telecom/shown-in-time",
  title: "A message of high priority makes the phone ring within the time the message is given.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    firebasePriority(
      "Message handling and deprioritization on Android",
      "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing notifications.",
    ),
    firebasePriority(
      "Message processing for high and normal priority messages",
      "As best practice, you should process the message payload and display a notification immediately within the onMessageReceived method.",
    ),
  ],
  applies: onAndroid,
  judge: (trace) =>
    conclude(callsOnAndroid(trace).flatMap((one) => one.call.pushes.map((push) => judgePush(trace, one, push)))),
};

function judgePush(trace: Trace, { call, shown }: CallOnAndroid, push: ClientPush): Verdict {
  const { handed, delivered, reading } = push;
  if (handed?.kind !== "message.window-opened" || delivered.priority === "normal" || reading.isMalformed)
    return notExercised;
  const over = overSince(call);
  if ((over !== undefined && over.seq < handed.seq) || !hasAccount(trace, call.phone, handed)) return notExercised;
  const standing = shown.find(
    ({ since, ended }) => since.seq < handed.seq && (ended === undefined || ended.event.seq > handed.seq),
  );
  if (standing !== undefined && standing.ringing.length > 0) return pass([standing.since, handed]);
  if (shown.some(({ ended }) => ended !== undefined && ended.event.seq < handed.seq)) return notExercised;
  return judgeReaction(trace, call.phone, {
    what: "the ringing of the phone",
    from: handed,
    limitMs: handed.forMs,
    overNetwork: false,
    met: firstOf(shown.flatMap(({ ringing }) => ringing.map(({ from }) => from)).filter(({ seq }) => seq > handed.seq)),
    excuses: [over, prevented(trace, call.phone.ref), ...givenUp(trace, call)],
    missing: "not-shown",
    late: "shown-late",
    expected: "an incoming call screen or notification within the window of the message",
  });
}

/** The app ended the call because its REGISTER was refused (DEVICE-LINK section 2). */
function givenUp(trace: Trace, { phone, shown, pushes }: ClientCall): readonly TraceEvent[] {
  const [from] = pushes;
  return shown.flatMap(({ ended }) =>
    ended !== undefined &&
    from !== undefined &&
    registerRefusal(trace, phone, from.delivered, ended.event) !== undefined
      ? [ended.event]
      : [],
  );
}

/** Telecom refused the call, or the phone shows no notification of the app. */
function prevented(trace: Trace, phone: string): TraceEvent | undefined {
  return firstOf<TraceEvent>(
    [...eventsOf(trace, "telecom.refused"), ...eventsOf(trace, "notification.withheld")].filter(
      (event) => event.phone === phone,
    ),
  );
}
