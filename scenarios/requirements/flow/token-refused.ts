import type { EventOf } from "../../../harness/trace/trace-event.ts";

/** The push service says that the token is gone: 410 of APNs, UNREGISTERED of FCM (which other 404s, of a wrong path, are not). */
export function saysUnregistered(response: EventOf<"push.response">): boolean {
  return response.service === "apns"
    ? response.status === 410
    : response.status === 404 && response.reason === "UNREGISTERED";
}

/** The push service will not take this token, now or later: gone, never issued, or another sender's. */
export function refusesToken(response: EventOf<"push.response">): boolean {
  if (saysUnregistered(response) || response.status === 400) return true;
  return response.service === "fcm" && response.status === 403 && response.reason === "SENDER_ID_MISMATCH";
}
