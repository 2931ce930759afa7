import type { RunVerdict } from "../harness/judge/run-verdict.ts";
import type { ReportContent, RequirementCounts } from "./report-content.ts";

/** A run's verdict as people read it. */
export const verdictWords: Readonly<Record<RunVerdict, string>> = {
  pass: "CONFORMANT",
  "pass-with-waivers": "CONFORMANT BUT FOR EXPECTED FAILURES",
  fail: "NOT CONFORMANT",
  inconclusive: "INCONCLUSIVE",
  error: "ERROR",
};

/** "72 of 85 requirements passed, 2 failed, ..."; counts of nothing are left out, except of fails. */
export function countsInWords(counts: RequirementCounts): string {
  const others: readonly (readonly [number, string])[] = [
    [counts.waived, "failed as expected"],
    [counts.inconclusive, "inconclusive"],
    [counts.notExercised, "not exercised"],
    [counts.notApplicable, "not applicable"],
  ];
  return [
    `${counts.passed} of ${counts.total} requirements passed`,
    `${counts.failed} failed`,
    ...others.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`),
  ].join(", ");
}

/** What limits the verdict: only part of the suite, a shard, an interruption. */
export function limitsInWords({ run }: Pick<ReportContent, "run">): readonly string[] {
  return [
    ...(run.ended === "interrupted" ? ["interrupted: the cases that were left were not played"] : []),
    ...(run.partial ? ["part of the suite only: never certifiable"] : []),
    ...(run.shard === undefined ? [] : [`shard ${run.shard.index} of ${run.shard.of}`]),
    ...(run.strict ? ["strict: failing shoulds count"] : []),
  ];
}
