import type { Verdict } from "./requirement.ts";

/** What a requirement came to over a whole run, once it is known to apply. */
export type CombinedVerdict = "fail" | "pass" | "inconclusive" | "not-exercised";

/**
 * One requirement over all cases of a run: one fail fails it; else one pass passes it (an inconclusive case beside it is counted
 * and shown, and takes nothing away); else one inconclusive leaves it open; else nothing exercised it.
 */
export function combineVerdicts(kinds: Iterable<Verdict["kind"]>): CombinedVerdict {
  const seen = new Set(kinds);
  for (const kind of ["fail", "pass", "inconclusive"] as const) if (seen.has(kind)) return kind;
  return "not-exercised";
}
