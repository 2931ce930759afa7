import type { Requirement } from "../../../harness/judge/requirement.ts";
import { judgeDeclineStatus } from "./decline-status.ts";
import { rfc3261 } from "./documents.ts";

// "The callee's end system was contacted successfully, but the callee is currently not willing or able to take additional calls at this
// end system." (RFC 3261, 21.4.24): what a status says of the callee is lost when another takes its place.
export const declineStatusKept: Requirement = {
  id: "flow/decline-status-kept",
  title: "A B2BUA keeps the status the only phone rejected the call with",
  level: "should",
  origin: "house",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "21.4.24",
      "The callee's end system was contacted successfully, but the callee is currently not willing or able to take additional calls at this end system.",
    ),
  ],
  applies({ features }) {
    if (features.kind !== "b2bua") return "the target is no B2BUA";
    return features.fallback === "none" || "the target declares that it diverts calls that are declined";
  },
  judge: judgeDeclineStatus,
};
