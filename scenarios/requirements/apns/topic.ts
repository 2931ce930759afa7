import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “If you set this push type, the `apns-topic` header field must use your app’s bundle ID with `.voip` appended to
// the end.”
export const topic: Requirement = {
  id: "apns/topic",
  title: "The topic of a VoIP push is the app's bundle id with .voip appended.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests(
      "Know when to use push types",
      "If you set this push type, the `apns-topic` header field must use your app’s bundle ID with `.voip` appended to the end.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/topic"),
};
