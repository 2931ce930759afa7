import { sample, type Arbitrary } from "fast-check";

/** One value to try, and where it comes from. */
export interface Surveyed<T> {
  readonly source: "witness" | "generated";
  /** Position among all values of this survey. */
  readonly index: number;
  /** Where fast-check finds a generated value again, with the seed: its number among the generated ones. */
  readonly path: string;
  readonly value: T;
}

/** The witnesses, then `runs` generated values; the same seed gives the same values. */
export function surveyPlans<T>({
  witnesses,
  arbitrary,
  runs,
  seed,
}: {
  readonly witnesses: readonly T[];
  readonly arbitrary: Arbitrary<T>;
  readonly runs: number;
  readonly seed: number;
}): readonly Surveyed<T>[] {
  const generated = runs > 0 ? sample(arbitrary, { seed, numRuns: runs }) : [];
  return [
    ...witnesses.map((value, index) => ({ source: "witness" as const, index, path: String(index), value })),
    ...generated.map((value, index) => ({
      source: "generated" as const,
      index: witnesses.length + index,
      path: String(index),
      value,
    })),
  ];
}
