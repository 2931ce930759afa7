import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { collapsibleMessages, messages } from "./sources.ts";

// “A collapsible message is a message that may be replaced by a new message if it has yet to be delivered to the
// device.” “An identifier of a group of messages that can be collapsed, so that only the last message gets sent when
// delivery can be resumed.”
export const collapseKey: Requirement = {
  id: "fcm/collapse-key",
  title: "A message that announces a call is not collapsible: no later one may take its place.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    collapsibleMessages(
      "Overview",
      "A collapsible message is a message that may be replaced by a new message if it has yet to be delivered to the device.",
    ),
    messages(
      "AndroidConfig",
      "An identifier of a group of messages that can be collapsed, so that only the last message gets sent when delivery can be resumed.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/collapse-key"),
};
