import type { Requirement } from "../../../harness/judge/requirement.ts";
import { appleReference } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { judgeRemoteEnds } from "../remote-end-reported.ts";

// "Another device declined the call." (Apple, CXCallEndedReason.declinedElsewhere)
export const declinedElsewhere: Requirement = {
  id: "callkit/declined-elsewhere",
  title: "A call another device declines is reported ended as declined elsewhere",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [appleReference("CXCallEndedReason.declinedElsewhere", "Another device declined the call.")],
  applies: iosOnly,
  judge: (trace) => judgeRemoteEnds(trace, "declined-elsewhere"),
};
