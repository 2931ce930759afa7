import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { tokenBasedConnection } from "./sources.ts";

// “APNs rejects any request whose token contains a timestamp that’s more than one hour old.”
export const providerTokenAge: Requirement = {
  id: "apns/provider-token-age",
  title: "The provider token of a push was issued at most one hour ago.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    tokenBasedConnection(
      "Refresh your token regularly",
      "APNs rejects any request whose token contains a timestamp that’s more than one hour old.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/provider-token-age"),
};
