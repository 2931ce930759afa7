import { uuidIn } from "../../../harness/judge/client-view-payload.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { appleReference } from "../client-documents.ts";
import {
  callFrom,
  handedPushes,
  iosOnly,
  lateReportOf,
  reportOf,
  wasReportedBefore,
  type HandedPush,
} from "../ios-pushes.ts";
import { registerRefusal } from "../register-refusal.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

/** A call that is ended as failed so soon was never meant to ring. */
const IN_ONE_TURN_MS = 1000;

// "Apps receiving VoIP push notifications must report the call quickly to CallKit, so it can alert the user to the presence of the
// incoming call." (Apple, PKPushType.voIP): a call whose other keys can be read is one, whatever its UUID.
export const badUuidShown: Requirement = {
  id: "pushkit/bad-uuid-shown",
  title: "A call whose UUID is none rings under another",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "PKPushType.voIP",
      "Apps receiving VoIP push notifications must report the call quickly to CallKit, so it can alert the user to the presence of the incoming call.",
    ),
  ],
  applies(facts) {
    const { id, payload } = facts.profile;
    return payload.callUUID === undefined ? `the profile ${id} has no place for a UUID` : iosOnly(facts);
  },
  judge: (trace) =>
    conclude(
      handedPushes(trace)
        .filter(({ reading, mustReport }) => mustReport && reading.callUUID !== undefined && !uuidIn(reading.callUUID))
        .map((push) => judgePush(trace, push)),
    ),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  if (wasReportedBefore(trace, push)) return notExercised;
  const report = reportOf(trace, push);
  const expected = `the call rings under a UUID of the app's, as ${JSON.stringify(push.reading.callUUID)} is none`;
  if (report === undefined) {
    if (push.returned === undefined) return inconclusive("the case ended before the delegate method returned");
    // A report that comes too late is judged for that.
    if (lateReportOf(trace, push) !== undefined) return notExercised;
    const evidence = [push.handed, push.returned];
    return fail({ mismatch: "not-shown", basis: "content", expected, actual: "no report", evidence });
  }
  const call = callFrom(trace, report);
  if (call === undefined) return notExercised;
  const ended = call.ended;
  const wasGivenUp =
    ended?.why === "failed" &&
    call.answered === undefined &&
    ended.event.atMs - call.since.atMs < IN_ONE_TURN_MS &&
    registerRefusal(trace, push.on, push.handed, ended.event) === undefined;
  if (!wasGivenUp) return pass([push.handed, call.since]);
  return fail({
    mismatch: "not-shown",
    basis: "content",
    expected,
    actual: `reported ended failed ${Math.round(ended.event.atMs - call.since.atMs)} ms later`,
    evidence: [push.handed, call.since, ended.event],
  });
}
