import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { aboutMessages } from "./sources.ts";

// “When in the background, apps receive the notification payload in the notification tray, and only handle the data
// payload when the user taps on the notification.”
export const dataOnly: Requirement = {
  id: "fcm/data-only",
  title: "A message that announces a call has data and no notification, so that the app's own code gets it.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    aboutMessages(
      "Notification messages with optional data payload",
      "When in the background, apps receive the notification payload in the notification tray, and only handle the data payload when the user taps on the notification.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/data-only"),
};
