import type { LoggedFinding } from "./logged-push.ts";

/** As many more pushes are borne after a refusal. */
const MOST_FURTHER_PUSHES = 2;
/** Refused pushes that are remembered. */
const REMEMBERED = 1_000;
const SOURCE =
  "Apple, Handling notification responses from APNs, Understand error codes; Firebase, Best practices when sending FCM messages at scale";

export interface RetriedPush {
  readonly token: string | undefined;
  readonly body: string;
  /** Of its answer; undefined: it had none. */
  readonly status: number | undefined;
}

/** Watches for a sender that answers 429 and 5xx with the same push over and over. */
export interface RetryHabits {
  /** The finding, when this push is one too many; once. */
  answered(push: RetriedPush): LoggedFinding | undefined;
  clear(): void;
}

export function retryHabits(): RetryHabits {
  /** How many more pushes came since the first refusal, by token and body. */
  const further = new Map<string, number>();
  return {
    answered({ token, body, status = 0 }) {
      const isRefused = status === 429 || status >= 500;
      // As long as nothing was refused, most pushes are not worth the key.
      if (!isRefused && further.size === 0) return undefined;
      const key = `${token} ${body}`;
      const before = further.get(key);
      if (before === undefined && !isRefused) return undefined;
      further.delete(key);
      if (isRefused) {
        const [oldest] = further.keys();
        if (further.size >= REMEMBERED && oldest !== undefined) further.delete(oldest);
        further.set(key, before === undefined ? 0 : before + 1);
      }
      if (before !== MOST_FURTHER_PUSHES) return undefined;
      return {
        rule: "flow/no-retry-storm",
        mismatch: "retry-storm",
        expected: `at most ${MOST_FURTHER_PUSHES} more of the same push after 429 or 5xx`,
        actual: `${MOST_FURTHER_PUSHES + 1} more`,
        source: SOURCE,
      };
    },
    clear: () => further.clear(),
  };
}
