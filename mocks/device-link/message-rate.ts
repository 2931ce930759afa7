import type { Clock } from "../../harness/clock/clock.ts";
import type { LinkLimits } from "./link-limits.ts";

/** Says of each message whether it is still within the rate; a full `burst` is allowed at the start and after a rest. */
export function messageRate(clock: Clock, { burst, messagesPerSecond }: LinkLimits): () => boolean {
  let allowed = burst;
  let countedAtMs = clock.now();
  return () => {
    const nowMs = clock.now();
    allowed = Math.min(burst, allowed + ((nowMs - countedAtMs) * messagesPerSecond) / 1000);
    countedAtMs = nowMs;
    if (allowed < 1) return false;
    allowed -= 1;
    return true;
  };
}
