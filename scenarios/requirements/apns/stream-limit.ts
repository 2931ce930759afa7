import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFindingInRun } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “APNs allows multiple concurrent streams for each connection, but don’t assume a specific number of streams.”
export const streamLimit: Requirement = {
  id: "apns/stream-limit",
  title: "A connection to APNs has no more streams at once than APNs allows.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    sendingRequests(
      "Establish a connection to APNs",
      "APNs allows multiple concurrent streams for each connection, but don’t assume a specific number of streams.",
    ),
  ],
  applies: pushesToApns,
  judge: noFindingInRun("apns/stream-limit"),
};
