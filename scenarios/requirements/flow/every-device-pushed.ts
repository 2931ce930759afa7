import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { wasAttempted } from "./call-facts.ts";
import { applePushKit, firebasePriority } from "./documents.ts";
import { judgePushTo } from "./push-demand.ts";
import { conclude } from "../verdicts.ts";

// "If the app is not running, generate a push notification to wake up the app."
// (Apple, Responding to VoIP Notifications from PushKit, Generate Push Notifications from Your Server)
// "FCM attempts to deliver high priority messages immediately, allowing FCM to wake a sleeping device when necessary and to run
// some limited processing (including very limited network access)." (Firebase, Set and manage Android message priority)
export const everyDevicePushed: Requirement = {
  id: "flow/every-device-pushed",
  title: "Every sleeping phone of the called account gets its push",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Generate Push Notifications from Your Server",
      "If the app is not running, generate a push notification to wake up the app.",
    ),
    firebasePriority(
      "Overview",
      "FCM attempts to deliver high priority messages immediately, allowing FCM to wake a sleeping device when necessary and to run some limited processing (including very limited network access).",
    ),
  ],
  applies: ({ features }) => features.multipleDevices || "the target does not declare several devices per account",
  judge: (trace) =>
    conclude(
      callsOf(trace)
        .filter((call) => call.phones.length > 1 && wasAttempted(call))
        .flatMap((call) =>
          call.phones.map((phone) =>
            judgePushTo(trace, call, phone, { missing: "device-not-pushed", late: "device-not-pushed" }),
          ),
        ),
    ),
};
