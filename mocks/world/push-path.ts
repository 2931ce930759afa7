import type { PushHandling } from "../../harness/plan/plan.ts";
import type { PushDecision } from "../push/push-hooks.ts";

/** What happens to a push after the last one the plan has words for. */
export const acceptAndDeliver: PushHandling = {
  answer: { kind: "accept" },
  answerDelayMs: 0,
  delivery: { kind: "deliver", delayMs: 0, copies: 1 },
};

/** The distance of a scripted 410 timestamp from the registration it is compared with. */
const UNREGISTERED_OFFSET_MS = 60_000;

/** The answer a plan asks for. `registeredAtMs` is the epoch time of the phone's newest registration. */
export function decide({ answer, answerDelayMs }: PushHandling, registeredAtMs: number): PushDecision {
  switch (answer.kind) {
    case "accept":
      return { kind: "by-rules", answerDelayMs };
    case "reset":
      return { kind: "reset", answerDelayMs };
    case "status":
      return {
        kind: "status",
        status: answer.status,
        reason: answer.reason,
        answerDelayMs,
        ...(answer.retryAfterS === undefined ? {} : { retryAfterS: answer.retryAfterS }),
        // Apple, "Handling notification responses from APNs": the time at which the token was found to be invalid.
        ...(answer.unregistered === undefined
          ? {}
          : {
              timestampMs:
                registeredAtMs +
                (answer.unregistered === "after-registration" ? UNREGISTERED_OFFSET_MS : -UNREGISTERED_OFFSET_MS),
            }),
      };
  }
}
