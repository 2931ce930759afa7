import { firstOf } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { judgeReaction } from "../app-reaction.ts";
import { androidCallStyle } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";
import { isForgotten, overSince } from "../call-over.ts";
import { callsOnAndroid } from "./android-calls.ts";
import { goneSince, isGone } from "./notification-life.ts";
import { onAndroid } from "./telecom-applies.ts";

// "Use this template to create incoming or ongoing call notifications." (Android, Create a call style notification for call apps): a call
// that is over is neither.
export const notificationGone: Requirement = {
  id: "telecom/notification-gone",
  title: "After the end of a call no notification offers it any more.",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [androidCallStyle("CallStyle", "Use this template to create incoming or ongoing call notifications.")],
  applies: onAndroid,
  judge: (trace) =>
    conclude(
      callsOnAndroid(trace).flatMap(({ call, shown }) =>
        shown.flatMap(({ connection, notifications }) =>
          notifications.map((notification): Verdict => {
            const over = firstOf<TraceEvent>([overSince(call), connection?.disconnected]);
            if (over === undefined || isGone(notification, over)) return notExercised;
            if (isForgotten(trace, call.phone, over, notification.shown)) return notExercised;
            return judgeReaction(trace, call.phone, {
              what: "the end of the notification",
              from: notification.shown.seq > over.seq ? notification.shown : over,
              overNetwork: false,
              takesUp: notification.shown,
              met: goneSince(notification),
              missing: "notification-left",
              expected: "no notification of the call",
            });
          }),
        ),
      ),
    ),
};
