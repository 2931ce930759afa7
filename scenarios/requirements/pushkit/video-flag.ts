import type { Requirement } from "../../../harness/judge/requirement.ts";
import { appleReference } from "../client-documents.ts";
import { handedPushes, inviteCameBefore, iosOnly, reportOf, wasReportedBefore } from "../ios-pushes.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "A Boolean value that indicates whether the call includes video in addition to audio." (Apple, CXCallUpdate.hasVideo)
export const videoFlag: Requirement = {
  id: "pushkit/video-flag",
  title: "The report says video exactly when the push does",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "CXCallUpdate.hasVideo",
      "A Boolean value that indicates whether the call includes video in addition to audio.",
    ),
  ],
  applies(facts) {
    const { id, payload } = facts.profile;
    if (!facts.features.video) return "the target does not declare video";
    return payload.video === undefined ? `the profile ${id} has no place for a video flag` : iosOnly(facts);
  },
  judge: (trace) =>
    conclude(
      handedPushes(trace).map((push) => {
        const { video, isMalformed } = push.reading;
        const report = reportOf(trace, push);
        if (video === undefined || isMalformed || report === undefined) return notExercised;
        // What the INVITE was reported for before, or is in this moment, says what that offers.
        if (wasReportedBefore(trace, push) || inviteCameBefore(push, report)) return notExercised;
        const { event } = report.request;
        // A CXCallUpdate that says nothing of video says no.
        if ((report.update.hasVideo ?? false) === video) return pass([push.handed, event]);
        return fail({
          mismatch: "video-differs",
          basis: "content",
          expected: `hasVideo ${video}, as the push says`,
          actual: `${report.update.hasVideo ?? "none"}`,
          evidence: [push.handed, event],
        });
      }),
    ),
};
