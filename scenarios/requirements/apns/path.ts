import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “The value of this header is `/3/device/<device_token>`, where `<device_token>` is the hexadecimal bytes that
// identify the user’s device.”
export const path: Requirement = {
  id: "apns/path",
  title: "The path of the push request is /3/device/ and the device token.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests(
      "Send a POST request to APNs",
      "The value of this header is `/3/device/<device_token>`, where `<device_token>` is the hexadecimal bytes that identify the user’s device.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/path"),
};
