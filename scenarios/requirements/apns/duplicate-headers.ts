import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { handlingResponses } from "./sources.ts";

// “One or more headers are repeated.”
export const duplicateHeaders: Requirement = {
  id: "apns/duplicate-headers",
  title: "No apns-* or authorization header stands twice in a push.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [handlingResponses("Understand error codes", "One or more headers are repeated.")],
  applies: pushesToApns,
  judge: noFinding("apns/duplicate-headers"),
};
