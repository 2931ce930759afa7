import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { errorCode } from "./sources.ts";

// “Check that the provided parameters have the right name and type.”
export const fields: Requirement = {
  id: "fcm/fields",
  title: "Every field of the message is one that FCM HTTP v1 knows, and has its type.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [errorCode("INVALID_ARGUMENT", "Check that the provided parameters have the right name and type.")],
  applies: pushesToFcm,
  judge: noFinding("fcm/fields"),
};
