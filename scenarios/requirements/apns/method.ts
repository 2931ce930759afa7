import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { handlingResponses } from "./sources.ts";

// “The request used an invalid `:method` value. Only `POST` requests are supported.”
export const method: Requirement = {
  id: "apns/method",
  title: "The push request is an HTTP/2 POST.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    handlingResponses(
      "Interpret header responses",
      "The request used an invalid `:method` value. Only `POST` requests are supported.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/method"),
};
