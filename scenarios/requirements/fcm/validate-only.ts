import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { sendMethod } from "./sources.ts";

// “Flag for testing the request without actually delivering the message.”
export const validateOnly: Requirement = {
  id: "fcm/validate-only",
  title: "A message that announces a call is sent to be delivered, not to be validated only.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [sendMethod("Request body", "Flag for testing the request without actually delivering the message.")],
  applies: pushesToFcm,
  judge: noFinding("fcm/validate-only"),
};
