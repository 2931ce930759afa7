import type { AndroidCall } from "../../../harness/judge/client-view-android.ts";
import { firstOf, waitedFor } from "../../../harness/judge/client-view-order.ts";
import type { ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { androidCallingApp } from "../client-documents.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";
import { callsOnAndroid } from "./android-calls.ts";
import { withTelecom } from "./telecom-applies.ts";

// "Once your app has answered the call, it should invoke the setActive() method to inform the system that the call has been answered."
// and "You should call the setActive() method to indicate to the telecom subsystem that the call is now connected." (Android, Build a
// calling app)
export const activeOnceConnected: Requirement = {
  id: "telecom/active-once-connected",
  title: "A call becomes active once its user answered and it is connected.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidCallingApp(
      "Implement the connection, onAnswer()",
      "Once your app has answered the call, it should invoke the setActive() method to inform the system that the call has been answered.",
    ),
    androidCallingApp(
      "Answer incoming calls",
      "You should call the setActive() method to indicate to the telecom subsystem that the call is now connected.",
    ),
  ],
  applies: withTelecom,
  judge: (trace) =>
    conclude(callsOnAndroid(trace).flatMap(({ call, shown }) => shown.map((one) => judgeCall(trace, call, one)))),
};

function judgeCall(trace: Trace, { acts, legs }: ClientCall, { connection, answered }: AndroidCall): Verdict {
  const active = connection?.active;
  if (active === undefined) return notExercised;
  const byUser = firstOf<TraceEvent>([answered, acts.find(({ kind }) => kind === "user.answered")]);
  const early = (mismatch: string, expected: string, gate: TraceEvent | undefined): Verdict | undefined => {
    const waited = waitedFor(trace, active, gate);
    if (waited === "yes") return undefined;
    if (waited === "undecidable") return inconclusive(`the call became active about when ${expected}`);
    const actual = gate === undefined ? "that never happened" : "that happened after";
    return fail({ mismatch, basis: "order", expected: `ACTIVE once ${expected}`, actual, evidence: [gate, active] });
  };
  const unanswered = early("active-before-answer", "the user had answered", byUser);
  if (unanswered !== undefined) return unanswered;
  const accepted = legs.find(({ answer }) => answer !== undefined)?.answer?.event;
  // Core-Telecom moves the call itself when the app's callback returns; and a profile that answers at once shows it before the 2xx.
  const isJudged = active.asker === "app" && trace.facts.profile.answerFulfil === "connected";
  const unconnected = isJudged ? early("active-before-2xx", "the INVITE was accepted", accepted) : undefined;
  return unconnected ?? pass([byUser, accepted, active]);
}
