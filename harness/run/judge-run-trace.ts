import { judgeTrace } from "../judge/judge-trace.ts";
import type { Requirement, RequirementId, Verdict } from "../judge/requirement.ts";
import type { Trace } from "../trace/trace.ts";

/**
 * Judges the run's own trace. A run happens once: a deadline it missed cannot be shown again with less going on, so such a fail
 * is inconclusive.
 */
export function judgeRunTrace(
  trace: Trace,
  requirements: readonly Requirement[],
): Readonly<Record<RequirementId, Verdict>> {
  const verdicts = Object.entries(judgeTrace(trace, requirements)).map(([id, verdict]): [string, Verdict] =>
    verdict.kind === "fail" && verdict.basis === "deadline"
      ? [
          id,
          {
            kind: "inconclusive",
            why: `${verdict.mismatch} rests on a deadline and the run cannot be played again alone`,
          },
        ]
      : [id, verdict],
  );
  return Object.fromEntries(verdicts);
}
