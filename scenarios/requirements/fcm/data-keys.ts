import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { errorCode, messages } from "./sources.ts";

// “The key should not be a reserved word ("from", "message_type", or any word starting with "google." or
// "gcm.notification.").” “Check that the payload data does not contain a key (such as from, or gcm, or any value
// prefixed by google) that is used internally by FCM.”
export const dataKeys: Requirement = {
  id: "fcm/data-keys",
  title: "No key of the data is one that FCM keeps for itself.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    messages(
      "Message",
      'The key should not be a reserved word ("from", "message_type", or any word starting with "google." or "gcm.notification.").',
    ),
    errorCode(
      "INVALID_ARGUMENT",
      "Check that the payload data does not contain a key (such as from, or gcm, or any value prefixed by google) that is used internally by FCM.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/data-keys"),
};
