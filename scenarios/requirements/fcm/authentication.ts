import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { migrateToV1, sendMethod } from "./sources.ts";

// “Requires one of the following OAuth scopes:” “The HTTP v1 API uses short-lived access tokens according to the
// OAuth2 security model.”
export const authentication: Requirement = {
  id: "fcm/authentication",
  title: "Each message carries a valid OAuth 2.0 access token with a scope of FCM.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendMethod("Authorization scopes", "Requires one of the following OAuth scopes:"),
    migrateToV1("Overview", "The HTTP v1 API uses short-lived access tokens according to the OAuth2 security model."),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/authentication"),
};
