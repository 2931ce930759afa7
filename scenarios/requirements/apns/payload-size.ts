import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “The maxiumum size for a Voice over Internet Protocol (VoIP) notification is 5 KB (5120 bytes).”
export const payloadSize: Requirement = {
  id: "apns/payload-size",
  title: "The payload of a VoIP push has at most 5120 bytes.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests(
      "Send a POST request to APNs",
      "The maxiumum size for a Voice over Internet Protocol (VoIP) notification is 5 KB (5120 bytes).",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/payload-size"),
};
