import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { messageLifespan, messages } from "./sources.ts";

// “While this is fine in most cases, there are some apps that require notifications to be sent without delay.” “For
// example, a notification for an incoming call or an invitation to an event.” “The maximum time to live supported is
// 4 weeks, and the default value is 4 weeks if not set.”
export const ttl: Requirement = {
  id: "fcm/ttl",
  title: "A message that announces a call expires at once or within the seconds its profile allows.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    messageLifespan(
      "Overview",
      "While this is fine in most cases, there are some apps that require notifications to be sent without delay.",
    ),
    messageLifespan("Overview", "For example, a notification for an incoming call or an invitation to an event."),
    messages(
      "AndroidConfig",
      "The maximum time to live supported is 4 weeks, and the default value is 4 weeks if not set.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/ttl"),
};
