import type { Requirement } from "../../../harness/judge/requirement.ts";
import { judgeDeclineStatus } from "./decline-status.ts";
import { rfc3261 } from "./documents.ts";

// "Otherwise, the proxy MUST forward a response from the responses stored in the response context." (RFC 3261, 16.7 step 6)
export const declineStatusProxied: Requirement = {
  id: "flow/decline-status-proxied",
  title: "A proxy gives the caller the status the only phone rejected the call with",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261("16.7", "Otherwise, the proxy MUST forward a response from the responses stored in the response context."),
  ],
  applies({ features }) {
    if (features.kind !== "proxy") return "the target is no proxy";
    return features.fallback === "none" || "the target declares that it diverts calls that are declined";
  },
  judge: judgeDeclineStatus,
};
