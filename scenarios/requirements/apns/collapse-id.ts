import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “The value of this key must not exceed 64 bytes.”
export const collapseId: Requirement = {
  id: "apns/collapse-id",
  title: "The apns-collapse-id, where there is one, has at most 64 bytes.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [sendingRequests("Send a POST request to APNs", "The value of this key must not exceed 64 bytes.")],
  applies: pushesToApns,
  judge: noFinding("apns/collapse-id"),
};
