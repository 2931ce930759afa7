import {
  asyncProperty,
  check,
  type Arbitrary,
  type IAsyncProperty,
  type Parameters,
  type RunDetails,
} from "fast-check";

/** Whether a value shows the failure that is being shrunk. */
export type Outcome = "fails" | "passes" | "inconclusive";

/** How `fc.check` is called: a runner that looks ahead can stand in for it. */
export type Check = <T>(property: IAsyncProperty<[T]>, parameters: Parameters<[T]>) => Promise<RunDetails<[T]>>;

export interface ShrinkOptions<T> {
  readonly arbitrary: Arbitrary<T>;
  readonly seed: number;
  /** Where the failing value lies: its number among the generated ones. */
  readonly path: string;
  /** That value: known to fail, so it is not tried again. Values must be plain JSON. */
  readonly failing: T;
  readonly predicate: (value: T) => Promise<Outcome>;
  /** Aborted when the time is up: what is untried then counts as passing, and the smallest so far is the result. */
  readonly signal: AbortSignal;
  /** @default fast-check's own, one value after the other */
  readonly check?: Check;
}

export interface Shrunk<T> {
  readonly value: T;
  /** Leads to the value again in fast-check, with the seed. */
  readonly path: string;
  /** False when the time was up before everything smaller had passed. */
  readonly minimal: boolean;
}

const MOST_TRIES = 3;

/**
 * The smallest value fast-check finds that still fails. An inconclusive value is tried again up to twice and then counts as
 * passing; a value met again is not tried again.
 *
 * @throws whatever the predicate throws.
 */
export async function shrink<T>(options: ShrinkOptions<T>): Promise<Shrunk<T>> {
  const { arbitrary, seed, path, failing, predicate, signal } = options;
  const known = new Map<string, boolean>([[JSON.stringify(failing), true]]);
  // fast-check takes anything thrown for a failure of the value, so it is kept and thrown past it.
  let thrown: { readonly error: unknown } | undefined;
  const fails = async (value: T): Promise<boolean> => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (signal.aborted) return false;
      const outcome = await predicate(value);
      if (outcome !== "inconclusive") return outcome === "fails";
    }
    return false;
  };
  const property = asyncProperty(arbitrary, async (value: T) => {
    const key = JSON.stringify(value);
    const before = known.get(key);
    if (before !== undefined) return !before;
    if (signal.aborted || thrown !== undefined) return true;
    try {
      const failed = await fails(value);
      known.set(key, failed);
      return !failed;
    } catch (error) {
      thrown = { error };
      return true;
    }
  });
  const runner: Check = options.check ?? (async (prop, parameters) => await check(prop, parameters));
  const details = await runner(property, { seed, path, numRuns: 1 });
  if (thrown !== undefined) throw thrown.error;
  return {
    value: details.counterexample?.[0] ?? failing,
    path: details.counterexamplePath ?? path,
    minimal: !signal.aborted,
  };
}
