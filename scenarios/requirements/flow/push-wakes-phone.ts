import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { applePushKit, firebasePriority } from "./documents.ts";
import { judgePushTo } from "./push-demand.ts";
import { conclude } from "../verdicts.ts";

// "If the app is not running, generate a push notification to wake up the app."
// (Apple, Responding to VoIP Notifications from PushKit, Generate Push Notifications from Your Server)
// "FCM attempts to deliver high priority messages immediately, allowing FCM to wake a sleeping device when necessary and to run
// some limited processing (including very limited network access)." (Firebase, Set and manage Android message priority)
export const pushWakesPhone: Requirement = {
  id: "flow/push-wakes-phone",
  title: "A call to an account whose phone sleeps leads to a push for that phone's newest token",
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
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).map((call) => {
        const verdicts = call.phones.map((phone) =>
          judgePushTo(trace, call, phone, { missing: "no-push", late: "push-late" }),
        );
        // That every one of several phones is pushed is a requirement of its own.
        return verdicts.find(({ kind }) => kind === "pass") ?? conclude(verdicts);
      }),
    ),
};
