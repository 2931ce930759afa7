import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { rfc9113 } from "../push/sources.ts";
import { pushesToApns } from "./pushes-to-apns.ts";

// “The ":scheme" pseudo-header field includes the scheme portion of the request target.”
export const scheme: Requirement = {
  id: "apns/scheme",
  title: "The :scheme of a request is https, and nothing but that.",
  level: "should",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [rfc9113("8.3.1", 'The ":scheme" pseudo-header field includes the scheme portion of the request target.')],
  applies: pushesToApns,
  judge: noFinding("apns/scheme"),
};
