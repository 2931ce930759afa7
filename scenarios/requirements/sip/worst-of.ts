import type { Margin, Verdict } from "../../../harness/judge/requirement.ts";

/**
 * One verdict over several occasions in a trace: the first fail, else the first inconclusive, else a pass with all the
 * evidence and the tightest margin; not exercised without an occasion.
 */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const failed = verdicts.find((verdict) => verdict.kind === "fail");
  if (failed !== undefined) return failed;
  const undecided = verdicts.find((verdict) => verdict.kind === "inconclusive");
  if (undecided !== undefined) return undecided;
  const passed = verdicts.filter((verdict) => verdict.kind === "pass");
  if (passed.length === 0) return { kind: "not-exercised" };
  const margins = passed.flatMap((verdict) => verdict.margins ?? []);
  const evidence = passed.flatMap((verdict) => verdict.evidence);
  const tightest = margins.reduce<Margin | undefined>(
    (least, margin) => (least === undefined || room(margin) < room(least) ? margin : least),
    undefined,
  );
  return { kind: "pass", evidence, ...(tightest === undefined ? {} : { margins: [tightest] }) };
}

function room(margin: Margin): number {
  return margin.limitMs - margin.actualMs;
}
