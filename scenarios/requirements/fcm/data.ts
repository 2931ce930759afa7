import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { messages } from "./sources.ts";

// “map (key: string, value: string)” “An object containing a list of "key": value pairs.”
export const data: Requirement = {
  id: "fcm/data",
  title: "Every value of the data is a string.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    messages("Message", "map (key: string, value: string)"),
    messages("Message", 'An object containing a list of "key": value pairs.'),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/data"),
};
