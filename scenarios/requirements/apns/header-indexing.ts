import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFindingInRun } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “Encode the `:path` and `authorization` values as literal header fields without indexing.” And of `apns-id`,
// `apns-expiration` and `apns-collapse-id`: “The first time you send these headers, encode them with incremental indexing to add
// the header fields to the dynamic table. For subsequent requests, encode these headers as literal header fields without indexing.”
export const headerIndexing: Requirement = {
  id: "apns/header-indexing",
  title: "Header fields that differ with each push do not fill the header table of HPACK.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    sendingRequests(
      "Send a POST request to APNs",
      "Encode the `:path` and `authorization` values as literal header fields without indexing.",
    ),
    sendingRequests(
      "Send a POST request to APNs",
      "For subsequent requests, encode these headers as literal header fields without indexing.",
    ),
  ],
  applies: pushesToApns,
  judge: noFindingInRun("apns/header-indexing"),
};
