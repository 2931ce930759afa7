import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { handlingResponses, sendingRequests } from "./sources.ts";

// “Verify that the request contains a valid token and that the token matches the environment.” “The value of this
// header is `/3/device/<device_token>`, where `<device_token>` is the hexadecimal bytes that identify the user’s
// device.”
export const deviceToken: Requirement = {
  id: "apns/device-token",
  title: "The push names a device token that the push service issued, in hexadecimal.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    handlingResponses(
      "Understand error codes",
      "Verify that the request contains a valid token and that the token matches the environment.",
    ),
    sendingRequests(
      "Send a POST request to APNs",
      "The value of this header is `/3/device/<device_token>`, where `<device_token>` is the hexadecimal bytes that identify the user’s device.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/device-token"),
};
