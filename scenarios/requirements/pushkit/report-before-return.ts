import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { appleReference } from "../client-documents.ts";
import { handedPushes, iosOnly, lateReportOf, reportOf, type HandedPush } from "../ios-pushes.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

// "On iOS 13.0 and later, incoming Voice over IP calls must be reported when they are received and before this method finishes execution
// using the CallKit framework, or the system will terminate your app." (Apple, pushRegistry(_:didReceiveIncomingPushWith:for:completion:))
export const reportBeforeReturn: Requirement = {
  id: "pushkit/report-before-return",
  title: "A call is reported before the delegate method of its push returns",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "pushRegistry(_:didReceiveIncomingPushWith:for:completion:)",
      "On iOS 13.0 and later, incoming Voice over IP calls must be reported when they are received and before this method finishes execution using the CallKit framework, or the system will terminate your app.",
    ),
    appleReference(
      "PKPushType.voIP",
      "For apps linked against the iOS 13 SDK or later, the system terminates your app if you fail to report these notifications to CallKit.",
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
  const { handed, returned } = push;
  const report = reportOf(trace, push);
  if (report !== undefined) return pass([handed, report.request.event]);
  const unreported = eventsOf(trace, "push.unreported").find(
    (event) => event.push === push.id && event.phone === push.phone && event.seq > handed.seq,
  );
  // An app that crashed could not report; that it crashed is judged by itself.
  if (unreported?.check === "crash") return notExercised;
  if (returned === undefined && unreported === undefined) {
    const isGone = push.on.life.some(({ state, event }) => state === "not-running" && event.seq > handed.seq);
    return isGone ? notExercised : inconclusive("the case ended before the delegate method returned");
  }
  const late = lateReportOf(trace, push);
  const evidence = [handed, returned ?? unreported];
  const expected = `a report for ${push.id} before its delegate method returned`;
  if (late === undefined)
    return fail({ mismatch: "unreported", basis: "content", expected, actual: "no report", evidence });
  return fail({
    mismatch: "reported-after-return",
    basis: "order",
    expected,
    actual: `a report ${Math.round(late.atMs - (returned ?? late).atMs)} ms after it returned`,
    evidence: [...evidence, late],
  });
}
