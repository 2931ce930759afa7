import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFindingInRun } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { establishingConnection } from "./sources.ts";

// “APNs ignores `HTTP/2 PRIORITY` frames, so don’t send them on your streams.”
export const http2Priority: Requirement = {
  id: "apns/http2-priority",
  title: "No PRIORITY frame is sent to APNs.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    establishingConnection("Overview", "APNs ignores `HTTP/2 PRIORITY` frames, so don’t send them on your streams."),
  ],
  applies: pushesToApns,
  judge: noFindingInRun("apns/http2-priority"),
};
