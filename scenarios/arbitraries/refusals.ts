import { refused, streamReset, unregistered } from "../../harness/plan/plan-parts.ts";
import type { PushHandling } from "../../harness/plan/plan.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";

/** The same fate of a push in the words of either push service. */
export type HandlingByPlatform = Readonly<Record<Platform, PushHandling>>;

/** What the push service does with a push, whichever one it is, or in the words of each. */
export type AnyHandling = PushHandling | HandlingByPlatform;

/** As the push service of that platform does it. */
export function handlingOn(platform: Platform, handling: AnyHandling): PushHandling {
  return "answer" in handling ? handling : handling[platform];
}

/** Longer than any caller waits: a push for this call cannot be sent again. */
const LONG_RETRY_AFTER_S = 60;
/** Short enough for a second push while the caller still waits. */
const SHORT_RETRY_AFTER_S = 1;

/**
 * The refusals the vendors document (Apple, "Handling notification responses from APNs"; Google, "FCM error codes"). Only APNs says
 * since when a token is dead.
 */
export const refusals = {
  unregistered: { ios: unregistered("after-registration"), android: refused(404, "UNREGISTERED") },
  tooMany: { ios: refused(429, "TooManyRequests"), android: refused(429, "QUOTA_EXCEEDED", LONG_RETRY_AFTER_S) },
  internal: { ios: refused(500, "InternalServerError"), android: refused(500, "INTERNAL") },
  unavailable: { ios: refused(503, "ServiceUnavailable"), android: refused(503, "UNAVAILABLE", SHORT_RETRY_AFTER_S) },
  shutdown: { ios: refused(503, "Shutdown"), android: refused(503, "UNAVAILABLE", LONG_RETRY_AFTER_S) },
  reset: { ios: streamReset, android: streamReset },
} as const satisfies Readonly<Record<string, HandlingByPlatform>>;

/** 410 about a time before the registration: the token is as good as ever. FCM has nothing of the kind. */
export const olderUnregistered: PushHandling = unregistered("before-registration");
