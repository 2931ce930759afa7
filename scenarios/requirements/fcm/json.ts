import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { sendMethod } from "./sources.ts";

// “The request body contains data with the following structure:” “Required. Message to send.”
export const json: Requirement = {
  id: "fcm/json",
  title: "The body is a JSON object with a message.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendMethod("Request body", "The request body contains data with the following structure:"),
    sendMethod("Request body", "Required. Message to send."),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/json"),
};
