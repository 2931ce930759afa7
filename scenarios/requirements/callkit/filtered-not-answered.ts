import { iosPhoneOf, type IosReport } from "../../../harness/judge/client-view-ios.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callKitHeader } from "../apple-documents.ts";
import { appleReference } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

const filters: readonly string[] = [
  "filteredByDoNotDisturb",
  "filteredByBlockList",
  "filteredDuringRestrictedSharingMode",
  "callIsProtected",
  "filteredBySensitiveParticipants",
];

// "If completion is invoked with a non-nil `error`, the incoming call has been disallowed by the system and will not be displayed, so the
// provider should not proceed with the call." (Apple, CXProvider.h)
export const filteredNotAnswered: Requirement = {
  id: "callkit/filtered-not-answered",
  title: "A call the system filters is neither answered nor heard",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    callKitHeader(
      "reportNewIncomingCallWithUUID:update:completion:",
      "If completion is invoked with a non-nil `error`, the incoming call has been disallowed by the system and will not be displayed, so the provider should not proceed with the call.",
    ),
    appleReference(
      "CXAnswerCallAction",
      "When an incoming call is allowed by the system and approved by the user, the provider sends provider(_:perform:) to its delegate.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) => conclude(clientCallsOf(trace, "ios").map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: ClientCall): Verdict {
  const { reports } = iosPhoneOf(trace, call.phone.ref);
  const filtered = reports.find((report) => report.call === call.ref && isFiltered(report));
  const refused = filtered?.outcome;
  if (filtered === undefined || refused === undefined) return notExercised;
  // Where it was reported again and shown, the user could answer it.
  const shown = call.shown.find(({ since }) => since.seq > refused.seq)?.since.seq ?? Infinity;
  const isMeanwhile = (seq: number) => seq > refused.seq && seq < shown;
  const accepted = call.legs.find(({ answer }) => answer !== undefined && isMeanwhile(answer.event.seq))?.answer?.event;
  const media = eventsOf(trace, "media.started").find(
    (event) =>
      event.phone === call.phone.ref &&
      isMeanwhile(event.seq) &&
      (event.callUUID === filtered.callUUID || event.call === call.ref),
  );
  const expected = `${call.ref}, which the system filtered, neither answered nor heard`;
  if (accepted !== undefined)
    return fail({
      mismatch: "answered-anyway",
      basis: "content",
      expected,
      actual: "a 2xx to its INVITE",
      evidence: [refused, accepted],
    });
  if (media !== undefined)
    return fail({
      mismatch: "media-anyway",
      basis: "content",
      expected,
      actual: "media for it",
      evidence: [refused, media],
    });
  const hasInvite = call.legs.some(({ invite }) => invite.arrived !== undefined);
  return hasInvite ? passUnlessCutShort(trace, [refused]) : notExercised;
}

function isFiltered({ outcome }: IosReport): boolean {
  return outcome?.kind === "call.refused" && filters.includes(outcome.why);
}
