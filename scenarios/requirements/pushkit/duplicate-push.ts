import { iosPhoneOf } from "../../../harness/judge/client-view-ios.ts";
import { uuidIn } from "../../../harness/judge/client-view-payload.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { appleForums } from "../apple-documents.ts";
import { handedPushes, iosOnly, reportsFor, type HandedPush } from "../ios-pushes.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

// "As a side note on the second case, the correct way to do this is to call "reportNewIncomingCall" and (intentionally) pass in the UUID
// of your existing call." (Apple DTS, thread 768136)
export const duplicatePush: Requirement = {
  id: "pushkit/duplicate-push",
  title: "The same push twice is one call",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleForums(
      "thread 768136",
      'As a side note on the second case, the correct way to do this is to call "reportNewIncomingCall" and (intentionally) pass in the UUID of your existing call.',
    ),
    appleForums(
      "thread 768136",
      "This will ensure your call report either fails (with an existing call error, which you can ignore) or starts a new call (which you'll need to end on your own).",
    ),
  ],
  applies: iosOnly,
  judge: (trace) =>
    conclude(
      handedPushes(trace)
        .filter(({ isAgain, reading }) => isAgain && !reading.isMalformed)
        .map((push) => judgePush(trace, push)),
    ),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const { calls } = iosPhoneOf(trace, push.phone);
  const own = uuidIn(push.reading.callUUID);
  const live = calls.find(
    ({ id, call, since, ended }) =>
      since.seq < push.handed.seq &&
      (ended === undefined || ended.event.seq > push.handed.seq) &&
      (id === own || (call !== undefined && call === push.call)),
  );
  // A push for a call that is over is another matter.
  if (live === undefined) return notExercised;
  const second = reportsFor(trace, push).find(({ outcome }) => outcome?.kind === "ringing.shown");
  if (second !== undefined && (live.ended?.event.seq ?? Infinity) > second.request.event.seq) {
    return fail({
      mismatch: "second-call",
      basis: "content",
      expected: `no call besides ${live.id} for the push that came again`,
      actual: `${second.callUUID} rings too`,
      evidence: [live.since, push.handed, second.outcome],
    });
  }
  const isGone = push.on.life.some(({ state, event }) => state === "not-running" && event.seq > push.handed.seq);
  if (push.returned === undefined && isGone) return notExercised;
  if (push.returned === undefined) return inconclusive("the case ended before the delegate method returned");
  return pass([live.since, push.handed, push.returned]);
}
