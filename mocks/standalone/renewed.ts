import type { Clock } from "../../harness/clock/clock.ts";

/** Makes a thing when it is first asked for, and again once the last one is older than `ageMs`. */
export function renewed<T>(clock: Clock, ageMs: number, make: () => T): () => T {
  let last: { readonly value: T; readonly madeAtMs: number } | undefined;
  return () => {
    if (last === undefined || clock.now() - last.madeAtMs > ageMs) last = { value: make(), madeAtMs: clock.now() };
    return last.value;
  };
}
