import type { Push } from "../../../harness/judge/call-view-pushes.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { Platform } from "../../../harness/trace/trace-event.ts";

/** The platform of the phone a push goes to, which some profiles read payloads by. */
export function platformOf(trace: Trace, push: Push): Platform {
  const number = Number(push.phone?.slice("phone:".length));
  return trace.plan?.phones[number - 1]?.platform ?? (push.request.service === "apns" ? "ios" : "android");
}
