import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { errorCode } from "./sources.ts";

// “Make sure it matches the registration token the client app receives from registering with FCM.” “Do not truncate
// the token or add additional characters.” “This usually means that the token used is no longer valid and a new one
// must be used.”
export const deviceToken: Requirement = {
  id: "fcm/device-token",
  title: "The token of a message is one that FCM issued to the app and has not dropped, unshortened.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    errorCode(
      "INVALID_ARGUMENT",
      "Make sure it matches the registration token the client app receives from registering with FCM.",
    ),
    errorCode("INVALID_ARGUMENT", "Do not truncate the token or add additional characters."),
    errorCode("UNREGISTERED", "This usually means that the token used is no longer valid and a new one must be used."),
  ],
  applies: pushesToFcm,
  judge: noFinding("fcm/device-token"),
};
