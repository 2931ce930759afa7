import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFindingInRun } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “Encode the `:path` and `authorization` values as literal header fields without indexing.”
export const headerIndexing: Requirement = {
  id: "apns/header-indexing",
  title: "The :path and authorization of a push stay out of the header table of HPACK.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    sendingRequests(
      "Send a POST request to APNs",
      "Encode the `:path` and `authorization` values as literal header fields without indexing.",
    ),
  ],
  applies: pushesToApns,
  judge: noFindingInRun("apns/header-indexing"),
};
