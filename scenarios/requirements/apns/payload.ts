import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “Put the JSON payload with the notification’s content into the body of your request.” “You must not use a
// compressed JSON payload, and it’s limited to a maximum size of 4 KB (4096 bytes).”
export const payload: Requirement = {
  id: "apns/payload",
  title: "The body of a push is a JSON object, not compressed.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests(
      "Send a POST request to APNs",
      "Put the JSON payload with the notification’s content into the body of your request.",
    ),
    sendingRequests(
      "Send a POST request to APNs",
      "You must not use a compressed JSON payload, and it’s limited to a maximum size of 4 KB (4096 bytes).",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/payload"),
};
