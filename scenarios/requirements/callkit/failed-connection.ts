import { isReportedEnd } from "../../../harness/judge/client-view-ios.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { CallEndedReason } from "../../../harness/trace/ios-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { shownOnIphones, type ShownOnIphone } from "../answered-calls.ts";
import { applePushKit } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, fail, judgeDemand, notExercised } from "../verdicts.ts";

// "If your app fails to establish a connection to your server, call the reportCall(with:endedAt:reason:) method with the
// CXCallEndedReason.failed option." (Apple, Responding to VoIP Notifications from PushKit)
export const failedConnection: Requirement = {
  id: "callkit/failed-connection",
  title: "An answered call that cannot be connected is reported ended as failed",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "If your app fails to establish a connection to your server, call the reportCall(with:endedAt:reason:) method with the CXCallEndedReason.failed option.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) => conclude(shownOnIphones(trace).map((one) => judgeCall(trace, one))),
};

function judgeCall(trace: Trace, { call, shown }: ShownOnIphone): Verdict {
  const { answered, ended } = shown;
  const push = call.pushes[0];
  const hasInvite = call.legs.some(({ invite }) => invite.arrived !== undefined);
  if (answered === undefined || push === undefined || hasInvite) return notExercised;
  const userEnd = shown.actions.find(({ type, performed }) => type === "end" && performed.asker === "user")?.performed;
  if (userEnd !== undefined && userEnd.seq < (ended?.event.seq ?? Infinity)) return notExercised;
  if (ended?.why === "reset" || ended?.why === "app-terminated") return notExercised;
  const reasons = reasonsOf({ call, shown });
  const expected = `the call reported ended ${reasons.join(" or ")}`;
  const verdict = judgeDemand(trace, {
    what: `the end of ${call.ref}, which was answered and cannot be connected`,
    from: push.delivered,
    limitMs: trace.facts.deadlines.inviteWaitMs.max,
    met: ended?.event,
    excuses: call.phone.life.filter(({ state }) => state === "not-running").map(({ event }) => event),
    missing: "still-shown",
    expected,
  });
  if (verdict.kind !== "pass" || ended === undefined) return verdict;
  if (isReportedEnd(ended.why) && reasons.includes(ended.why)) return verdict;
  return fail({
    mismatch: "wrong-reason",
    basis: "content",
    expected,
    actual: ended.why === "ended" ? "ended by an end action" : `reported ended ${ended.why}`,
    evidence: [answered, ended.event],
  });
}

/** Where only the INVITE was missing, nobody can tell whether there ever was a call. */
function reasonsOf({ call, shown }: ShownOnIphone): readonly CallEndedReason[] {
  const since = call.pushes[0]?.delivered.seq ?? shown.since.seq;
  const asked = call.phone.registrations.filter(({ request, removes }) => !removes && request.event.seq > since);
  const isRegistered = asked.some(({ accepted }) => accepted?.arrived !== undefined) || asked.length === 0;
  return isRegistered ? ["failed", "unanswered"] : ["failed"];
}
