import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { applePushKit } from "../client-documents.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";
import { lonelyPushes, type LonelyPush } from "./lonely-pushes.ts";

// "If your app fails to establish a connection to your server, call the reportCall(with:endedAt:reason:) method with the
// CXCallEndedReason.failed option." (Apple, Responding to VoIP Notifications from PushKit): how long to wait for a call that does not
// come, nobody says.
export const appGivesUp: Requirement = {
  id: "flow/app-gives-up",
  title: "A call that was pushed and never comes is ended on the phone.",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "If your app fails to establish a connection to your server, call the reportCall(with:endedAt:reason:) method with the CXCallEndedReason.failed option.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(lonelyPushes(trace).map((lonely) => judgePush(trace, lonely))),
};

function judgePush(trace: Trace, { call, push, shown }: LonelyPush): Verdict {
  const { delivered } = push;
  const limitMs = trace.facts.deadlines.inviteWaitMs.max;
  const what = "the end of a call without an INVITE";
  const expected = `an end within ${limitMs} ms of the push`;
  const ended = shown.ended?.event;
  if (ended !== undefined) {
    const inTime = within(delivered, ended, limitMs);
    if (inTime === "undecidable") return inconclusive(`${what} came too close to its limit of ${limitMs} ms to tell`);
    const actualMs = Math.max(0, ended.atMs - delivered.atMs);
    if (inTime === "yes") return pass([delivered, ended], [{ what, limitMs, actualMs }]);
    return never(expected, `it came after ${Math.round(actualMs)} ms`, [delivered, ended]);
  }
  // The process, or the phone's own end of it, is nothing to wait for.
  if (call.phone.life.some(({ state, event }) => state === "not-running" && event.seq > shown.since.seq))
    return notExercised;
  const seenMs = trace.end.atMs - delivered.atMs;
  if (seenMs < limitMs) return inconclusive(`the case ended before ${what} was due`);
  return never(expected, `none in the ${Math.round(seenMs)} ms until the case ended`, [delivered, shown.since]);
}

function never(expected: string, actual: string, evidence: readonly TraceEvent[]): Verdict {
  return fail({ mismatch: "never-ended", basis: "deadline", expected, actual, evidence });
}
