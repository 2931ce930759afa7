import { UsageError } from "../harness/errors.ts";
import { nearMiss } from "../harness/config/near-miss.ts";

/**
 * The members named by `ids`, in the order of the list; all of them without ids.
 *
 * @throws UsageError when the list of ids is empty or names one that is unknown, with the one that was probably meant.
 */
export function select<T extends { readonly id: string }>(
  all: readonly T[],
  ids: readonly string[] | undefined,
  what: "scenario" | "requirement" | "fault",
): readonly T[] {
  if (ids === undefined) return all;
  if (ids.length === 0)
    throw new UsageError("EMPTY_SELECTION", `An empty list of ${what}s selects nothing: leave it out for all of them.`);
  for (const id of ids) {
    if (all.some((one) => one.id === id)) continue;
    const meant = nearMiss(
      id,
      all.map((one) => one.id),
    );
    const hint = meant === undefined ? `\`ringtrue list ${what}s\` shows them all.` : `Did you mean ${meant}?`;
    throw new UsageError("UNKNOWN_ID", `There is no ${what} ${JSON.stringify(id)}. ${hint}`);
  }
  return all.filter(({ id }) => ids.includes(id));
}
