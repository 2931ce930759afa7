import type { Requirement } from "../../../harness/judge/requirement.ts";
import { appleReference } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { judgeRemoteEnds } from "../remote-end-reported.ts";

// "Another device answered the call." (Apple, CXCallEndedReason.answeredElsewhere)
export const answeredElsewhere: Requirement = {
  id: "callkit/answered-elsewhere",
  title: "A call another device answers is reported ended as answered elsewhere",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [appleReference("CXCallEndedReason.answeredElsewhere", "Another device answered the call.")],
  applies: iosOnly,
  judge: (trace) => judgeRemoteEnds(trace, "answered-elsewhere"),
};
