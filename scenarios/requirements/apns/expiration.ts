import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { respondingToVoip } from "./sources.ts";

// “Set the value of the `apns-expiration` header field to `0`, or to only a few seconds.”
export const expiration: Requirement = {
  id: "apns/expiration",
  title: "A push that announces a call expires at once or within the few seconds its profile allows.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    respondingToVoip(
      "Generate Push Notifications from Your Server",
      "Set the value of the `apns-expiration` header field to `0`, or to only a few seconds.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/expiration"),
};
