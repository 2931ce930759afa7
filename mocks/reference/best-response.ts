/** What one way of reaching the callee came to. `response` is what the phone said; absent when nobody said anything. */
export interface Outcome<R> {
  readonly status: number;
  readonly response?: R;
}

/** Statuses that tell the caller how to try again are worth more than others of their class (RFC 3261 16.7 step 6). */
const TELLING = new Set([401, 407, 415, 420, 484]);
/** What a place answers where no phone is any more: no word of the callee. */
const DEAD = new Set([408, 430, 481, 503]);

export function isDead(status: number): boolean {
  return DEAD.has(status);
}

/**
 * The response for the caller when every branch is final (RFC 3261 16.7 step 6): a 6xx first, else the lowest class; within
 * it what a phone said before what we concluded. Undefined when there was none.
 */
export function bestOutcome<R>(outcomes: readonly Outcome<R>[]): Outcome<R> | undefined {
  const rank = ({ status, response }: Outcome<R>): number => {
    const byClass = status >= 600 ? 0 : Math.floor(status / 100) * 10;
    const telling = TELLING.has(status) ? 0 : isDead(status) ? 4 : 2;
    return byClass + telling + (response === undefined ? 1 : 0);
  };
  return outcomes.toSorted((a, b) => rank(a) - rank(b))[0];
}
