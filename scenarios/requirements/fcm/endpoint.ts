import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { migrateToV1, sendMethod } from "./sources.ts";

// “POST https://fcm.googleapis.com/v1/{parent=projects/*}/messages:send” “Apps using the deprecated FCM legacy APIs
// for HTTP and XMPP should migrate to the HTTP v1 API at the earliest opportunity.”
export const endpoint: Requirement = {
  id: "fcm/endpoint",
  title: "A message is sent by POST to /v1/projects/{project}/messages:send, never to a legacy endpoint.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendMethod("HTTP request", "POST https://fcm.googleapis.com/v1/{parent=projects/*}/messages:send"),
    migrateToV1(
      "Overview",
      "Apps using the deprecated FCM legacy APIs for HTTP and XMPP should migrate to the HTTP v1 API at the earliest opportunity.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/endpoint"),
};
