import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFindingInRun } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “If your connection is mostly idle, you may send a HTTP2 PING frame after an hour of inactivity.”
export const pingRate: Requirement = {
  id: "apns/ping-rate",
  title: "A connection to APNs is not kept busy with PING frames.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    sendingRequests(
      "Follow best practices while sending push notifications with APNs",
      "If your connection is mostly idle, you may send a HTTP2 PING frame after an hour of inactivity.",
    ),
  ],
  applies: pushesToApns,
  judge: noFindingInRun("apns/ping-rate"),
};
