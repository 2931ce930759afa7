import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { errorCode } from "./sources.ts";

// “Check that the total size of the payload data included in a message does not exceed FCM limits: 4096 bytes for
// most messages, or 2048 bytes in the case of messages to topics.”
export const payloadSize: Requirement = {
  id: "fcm/payload-size",
  title: "The data of a message has at most 4096 bytes, keys and values together.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    errorCode(
      "INVALID_ARGUMENT",
      "Check that the total size of the payload data included in a message does not exceed FCM limits: 4096 bytes for most messages, or 2048 bytes in the case of messages to topics.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/payload-size"),
};
