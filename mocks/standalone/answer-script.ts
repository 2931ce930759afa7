/** Whose pushes an answer is for: one device token's, or everybody's. */
export type AnsweredToken = string;

/** Every push, whatever its token. */
export const ANY_TOKEN = "any";

export interface ScriptedAnswer<A> {
  readonly token: AnsweredToken;
  readonly answer: A;
  /** How often it is still given; absent: until another one or `clear`. */
  readonly times?: number;
}

/**
 * Answers that stand ready for pushes to come. Those of the token go before those of `any`; of one token they are given in
 * the order they were added. One without `times` stays until another one is added for its token.
 */
export interface AnswerScript<A> {
  add(scripted: ScriptedAnswer<A>): void;
  /** The answer for a push with this token; it counts as given. */
  take(token: string | undefined): A | undefined;
  list(): readonly ScriptedAnswer<A>[];
  clear(): void;
}

export function answerScript<A>(): AnswerScript<A> {
  const queues = new Map<AnsweredToken, ScriptedAnswer<A>[]>();

  function takeOf(token: AnsweredToken): A | undefined {
    const queue = queues.get(token);
    const first = queue?.[0];
    if (queue === undefined || first === undefined) return undefined;
    if (first.times === undefined) return first.answer;
    if (first.times > 1) queue[0] = { ...first, times: first.times - 1 };
    else queue.shift();
    if (queue.length === 0) queues.delete(token);
    return first.answer;
  }

  return {
    add(scripted) {
      const queue = queues.get(scripted.token) ?? [];
      if (queue.at(-1)?.times === undefined) queue.pop();
      queue.push(scripted);
      queues.set(scripted.token, queue);
    },
    take: (token) => (token === undefined ? undefined : takeOf(token)) ?? takeOf(ANY_TOKEN),
    list: () => [...queues.values()].flat(),
    clear: () => queues.clear(),
  };
}
