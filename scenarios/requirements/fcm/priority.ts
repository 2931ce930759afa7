import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { messagePriority, messages } from "./sources.ts";

// “Apps with instant messaging, chat, or voice call alerts, for example, generally need to open a network connection
// and make sure FCM delivers the message to the device without delay.” “When the device is in Doze mode, delivery may
// be delayed to conserve battery until the device exits doze.”
export const priority: Requirement = {
  id: "fcm/priority",
  title: "A message that announces a call has high priority.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    messages(
      "AndroidMessagePriority",
      "Apps with instant messaging, chat, or voice call alerts, for example, generally need to open a network connection and make sure FCM delivers the message to the device without delay.",
    ),
    messagePriority(
      "Overview",
      "When the device is in Doze mode, delivery may be delayed to conserve battery until the device exits doze.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/priority"),
};
