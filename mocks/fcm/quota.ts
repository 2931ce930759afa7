/** Counts messages by the minute, of the project and of each device token. */
export interface Quota {
  /** Counts one more; true where it is one too many. */
  readonly isOver: (of: "project" | "token", name: string, nowMs: number) => boolean;
}

const MINUTE_MS = 60_000;

/** The minutes begin with the first message, not with the clock's (Firebase, "FCM throttling and quotas"). */
export function createQuota(limits: {
  readonly messagesPerMinute: number;
  readonly messagesPerMinutePerToken: number;
}): Quota {
  const counts = { project: new Map<string, number>(), token: new Map<string, number>() };
  let minuteEndsMs = Number.NEGATIVE_INFINITY;
  return {
    isOver(of, name, nowMs) {
      const limit = of === "project" ? limits.messagesPerMinute : limits.messagesPerMinutePerToken;
      if (limit === Number.POSITIVE_INFINITY) return false;
      if (nowMs >= minuteEndsMs) {
        minuteEndsMs = nowMs + MINUTE_MS;
        counts.project.clear();
        counts.token.clear();
      }
      const count = (counts[of].get(name) ?? 0) + 1;
      if (count <= limit) counts[of].set(name, count);
      return count > limit;
    },
  };
}
