import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFindingInRun } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { serverToServer } from "./sources.ts";

// “Service accounts rely on the RSA SHA-256 algorithm and the JWT token format.” “This value has a maximum of 1 hour
// after the issued time.”
export const assertion: Requirement = {
  id: "fcm/assertion",
  title: "An access token is asked for with a JWT that Google's token endpoint accepts: RS256, one hour at most.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    serverToServer(
      "Forming the JWT header",
      "Service accounts rely on the RSA SHA-256 algorithm and the JWT token format.",
    ),
    serverToServer("Forming the JWT claim set", "This value has a maximum of 1 hour after the issued time."),
  ],
  applies: pushesToFcm,
  judge: noFindingInRun("fcm/assertion", ({ kind }) => kind === "connection.access-token"),
};
