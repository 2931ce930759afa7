import type { Link } from "../link.ts";
import type { LinkProblem } from "../link-problem.ts";

/** Everything that comes over a link, and how to wait for it. */
export interface Collected {
  readonly messages: readonly Record<string, unknown>[];
  readonly problems: readonly LinkProblem[];
  /** Resolves once so many messages came; the test's own time-out is the deadline. */
  count(messages: number): Promise<void>;
}

export function collect(link: Link): Collected {
  const messages: Record<string, unknown>[] = [];
  const problems: LinkProblem[] = [];
  let waiting: { readonly messages: number; readonly resolve: () => void }[] = [];
  link.onMessage({
    message(text) {
      messages.push(JSON.parse(text));
      for (const one of waiting) if (messages.length >= one.messages) one.resolve();
      waiting = waiting.filter((one) => messages.length < one.messages);
    },
    problem: (problem) => problems.push(problem),
  });
  return {
    messages,
    problems,
    async count(wanted) {
      if (messages.length >= wanted) return;
      await new Promise<void>((resolve) => waiting.push({ messages: wanted, resolve }));
    },
  };
}
