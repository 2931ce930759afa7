import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { errorCode } from "./sources.ts";

// “Make sure the message was addressed to a registration token whose package name matches the value passed in the
// request.”
export const packageName: Requirement = {
  id: "fcm/package",
  title: "The package name a message is restricted to, where there is one, is that of the app its token was issued to.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    errorCode(
      "INVALID_ARGUMENT",
      "Make sure the message was addressed to a registration token whose package name matches the value passed in the request.",
    ),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/package"),
};
