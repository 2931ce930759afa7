import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { sendMethod } from "./sources.ts";

// “It contains the Firebase project id (i.e. the unique identifier for your Firebase project), in the format of
// projects/{project_id}.”
export const project: Requirement = {
  id: "fcm/project",
  title: "The path names the project that the service account belongs to.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendMethod(
      "Path parameters",
      "It contains the Firebase project id (i.e. the unique identifier for your Firebase project), in the format of projects/{project_id}.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/project"),
};
