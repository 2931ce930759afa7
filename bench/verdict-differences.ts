import type { Verdict } from "../harness/judge/requirement.ts";

type Verdicts = ReadonlyMap<string, Readonly<Record<string, Verdict>>>;

/**
 * How the verdicts over the same plans differ that were played in two ways. What one of them leaves undecided is counted, as time may
 * decide that; and so is a fail that rests on a deadline, which counts in a run only if it shows again with the plan alone.
 */
export function differences(
  some: Verdicts,
  others: Verdicts,
): { readonly differing: readonly string[]; readonly undecided: number; readonly compared: number } {
  const differing: string[] = [];
  let [undecided, compared] = [0, 0];
  for (const [id, verdicts] of some) {
    const beside = others.get(id) ?? {};
    for (const requirement of new Set([...Object.keys(verdicts), ...Object.keys(beside)])) {
      const [one, other] = [verdicts[requirement], beside[requirement]];
      if (one?.kind !== "not-exercised" || other?.kind !== "not-exercised") compared += 1;
      if (wordOf(one) === wordOf(other)) continue;
      if ([one, other].some(isOpen)) undecided += 1;
      else differing.push(`${id}: ${requirement} is ${wordOf(one)} and ${wordOf(other)}`);
    }
  }
  return { differing, undecided, compared };
}

function isOpen(verdict: Verdict | undefined): boolean {
  return verdict?.kind === "inconclusive" || (verdict?.kind === "fail" && verdict.basis === "deadline");
}

function wordOf(verdict: Verdict | undefined): string {
  if (verdict === undefined) return "not judged";
  return verdict.kind === "fail" ? verdict.mismatch : verdict.kind;
}
