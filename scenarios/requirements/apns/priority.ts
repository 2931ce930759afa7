import type { Requirement } from "../../../harness/judge/requirement.ts";
import { noFinding } from "../push/no-finding.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

// “Specify `10` to send the notification immediately.” “If you omit this header, APNs sets the notification priority
// to `10`.”
export const priority: Requirement = {
  id: "apns/priority",
  title: "A push that announces a call is sent at priority 10, by the header or by its default.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    sendingRequests("Send a POST request to APNs", "Specify `10` to send the notification immediately."),
    sendingRequests(
      "Send a POST request to APNs",
      "If you omit this header, APNs sets the notification priority to `10`.",
    ),
  ],
  applies: pushesToApns,
  judge: noFinding("apns/priority"),
};
