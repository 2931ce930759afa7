import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests, tokenBasedConnection } from "./sources.ts";

// “Upon receiving your server’s POST request, APNs validates the request using either the provided authentication
// token or your server’s certificate.” “APNs supports only the ES256 algorithm, so set the value of this key to
// `ES256`.”
export const authentication: Requirement = {
  id: "apns/authentication",
  title: "The push is authenticated by a valid provider token or an accepted client certificate.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests(
      "Overview",
      "Upon receiving your server’s POST request, APNs validates the request using either the provided authentication token or your server’s certificate.",
    ),
    tokenBasedConnection(
      "Create and encrypt your JSON token",
      "APNs supports only the ES256 algorithm, so set the value of this key to `ES256`.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/authentication"),
};
