import { messagesOf, responsesTo } from "../../harness/judge/call-view-messages.ts";
import { isReportedEnd } from "../../harness/judge/client-view-ios.ts";
import { remoteEndOf, type RemoteEnd } from "../../harness/judge/client-view-legs.ts";
import type { Verdict } from "../../harness/judge/requirement.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { shownOnIphones, type ShownOnIphone } from "./answered-calls.ts";
import { reasonsFor } from "./remote-end-reasons.ts";
import { conclude, fail, notExercised, pass } from "./verdicts.ts";

/**
 * Judges the reason that iOS apps give for calls their caller's side ended in one way. Whether they end them at all, and when, is
 * judged elsewhere.
 */
export function judgeRemoteEnds(trace: Trace, form: RemoteEnd["form"]): Verdict {
  return conclude(shownOnIphones(trace).map((one) => judgeCall(trace, one, form)));
}

function judgeCall(trace: Trace, { call, shown }: ShownOnIphone, form: RemoteEnd["form"]): Verdict {
  const remote = remoteEndOf(call.legs);
  const { ended } = shown;
  if (remote === undefined || remote.form !== form || ended === undefined || !wasSeen(trace, remote))
    return notExercised;
  // It was over before, or the user ended it in the same moment; a reset or the end of the process is nobody's reason.
  if (ended.event.seq < remote.event.seq || shown.since.seq > remote.event.seq) return notExercised;
  const hasUserEnded = shown.actions.some(
    ({ type, performed }) => type === "end" && performed.asker === "user" && performed.seq < ended.event.seq,
  );
  if (hasUserEnded || ended.why === "reset" || ended.why === "app-terminated") return notExercised;
  const hasAnswered = shown.answered !== undefined && shown.answered.seq < remote.event.seq;
  // Elsewhere is not to be told from here any more once the user has answered here.
  if (form !== "plain" && shown.answered !== undefined) return notExercised;
  const reasons = reasonsFor(remote, hasAnswered);
  if (isReportedEnd(ended.why) && reasons.includes(ended.why)) return pass([remote.event, ended.event]);
  return fail({
    mismatch: "wrong-reason",
    basis: "content",
    expected: `the call reported ended ${reasons.join(" or ")}`,
    actual: ended.why === "ended" ? "ended by an end action" : `reported ended ${ended.why}`,
    evidence: [remote.event, ended.event],
  });
}

/** The app answered it: a CANCEL nobody read ended nothing, whatever else the app rejects its INVITE for. */
function wasSeen(trace: Trace, { how, leg }: RemoteEnd): boolean {
  if (how === "bye") return leg.byesReceived.some(({ responses }) => responses.length > 0);
  const { final, cancels } = leg;
  return final?.sip.status === 487 || cancels.some((cancel) => responsesTo(cancel, messagesOf(trace)).length > 0);
}
