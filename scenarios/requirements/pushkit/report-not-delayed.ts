import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { applePushKit } from "../client-documents.ts";
import { handedPushes, iosOnly, reportOf, type HandedPush } from "../ios-pushes.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

/** From how long on an answer to REGISTER counts as held back: on loopback an ordinary one takes a few milliseconds. */
const HELD_BACK_MS = 500;

// "While CallKit processes your request, establish a connection to your VoIP server in parallel; you can always notify CallKit later if
// you run into problems." (Apple, Responding to VoIP Notifications from PushKit)
export const reportNotDelayed: Requirement = {
  id: "pushkit/report-not-delayed",
  title: "The report does not wait for the connection",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to VoIP Push Notifications in Your App",
      "While CallKit processes your request, establish a connection to your VoIP server in parallel; you can always notify CallKit later if you run into problems.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) =>
    conclude(
      handedPushes(trace)
        .filter(({ mustReport }) => mustReport)
        .map((push) => judgePush(trace, push)),
    ),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const report = reportOf(trace, push)?.request.event;
  const registrations = push.on.registrations.filter(
    ({ request, removes }) => !removes && request.event.seq > push.handed.seq,
  );
  const sent = registrations[0]?.request.event;
  const accepted = registrations.find((registration) => registration.accepted !== undefined)?.accepted?.event;
  if (report === undefined || sent === undefined) return notExercised;
  // An answer that comes at once tells nothing: the app may have reported before it or after it.
  if (accepted !== undefined && accepted.atMs - sent.atMs < HELD_BACK_MS) return notExercised;
  if (accepted === undefined || report.seq < accepted.seq) return pass([push.handed, report]);
  // An app that does not wait reports at once, and not only after all that time.
  if (within(push.handed, report, HELD_BACK_MS) !== "no")
    return inconclusive("the report crossed the answer to REGISTER");
  return fail({
    mismatch: "report-waits-for-register",
    basis: "deadline",
    expected: `a report for ${push.id} at once, while the REGISTER was unanswered`,
    actual: `a report ${Math.round(report.atMs - push.handed.atMs)} ms after the push, once the REGISTER was answered`,
    evidence: [push.handed, accepted, report],
  });
}
