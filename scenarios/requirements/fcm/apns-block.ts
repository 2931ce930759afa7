import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { messages } from "./sources.ts";

// “Apple Push Notification Service specific options.”
export const apnsBlock: Requirement = {
  id: "fcm/apns-block",
  title: "What an Android phone is to be told stands in the data of a message, not in its apns block.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [messages("Message", "Apple Push Notification Service specific options.")],
  applies: pushesToFcm,
  judge: noFinding("fcm/apns-block"),
};
