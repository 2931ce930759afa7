import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “The value of this header must accurately reflect the contents of your notification’s payload.” “The push type for
// notifications that provide information about an incoming Voice-over-IP (VoIP) call.”
export const pushType: Requirement = {
  id: "apns/push-type",
  title: "The push type of a push that announces a call is voip.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests(
      "Send a POST request to APNs",
      "The value of this header must accurately reflect the contents of your notification’s payload.",
    ),
    sendingRequests(
      "Know when to use push types",
      "The push type for notifications that provide information about an incoming Voice-over-IP (VoIP) call.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/push-type"),
};
