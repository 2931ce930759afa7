import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { messages } from "./sources.ts";

// “target can be only one of the following:” “Note: "/topics/" prefix should not be provided.”
export const recipient: Requirement = {
  id: "fcm/recipient",
  title: "A message names exactly one recipient: a token, a topic without its prefix, or a condition.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    messages("Message", "target can be only one of the following:"),
    messages("Message", 'Note: "/topics/" prefix should not be provided.'),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/recipient"),
};
