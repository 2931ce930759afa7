import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “Canonical UUIDs are 32 lowercase hexadecimal digits, displayed in five groups separated by hyphens in the form
// 8-4-4-4-12.”
export const messageId: Requirement = {
  id: "apns/message-id",
  title: "The apns-id, where there is one, is a canonical UUID in lower case.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests(
      "Send a POST request to APNs",
      "Canonical UUIDs are 32 lowercase hexadecimal digits, displayed in five groups separated by hyphens in the form 8-4-4-4-12.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/message-id"),
};
