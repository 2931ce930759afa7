import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { broadcastRequests } from "./sources.ts";

// “After channel validation, APNs tries to send your `JSON` payload to all the devices subscribed to the channel.”
export const broadcastHeaders: Requirement = {
  id: "apns/broadcast-headers",
  title: "A push to one device carries no header that belongs to a broadcast on a channel.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    broadcastRequests(
      "Overview",
      "After channel validation, APNs tries to send your `JSON` payload to all the devices subscribed to the channel.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/broadcast-headers"),
};
