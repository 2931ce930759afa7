import type { Ladder } from "./ladder.ts";

export interface LadderExcerpt extends Ladder {
  /** Rows left out before the first and after the last. */
  readonly before: number;
  readonly after: number;
}

/** At most that many rows: the ones up to the violation and what follows it closely, or the first ones where there is none. */
export function ladderExcerpt({ lanes, rows }: Ladder, most: number): LadderExcerpt {
  const violation = rows.findIndex(({ role }) => role === "violation");
  const end = Math.min(rows.length, Math.max(most, violation + 1 + Math.floor(most / 4)));
  const start = Math.max(0, end - most);
  return { lanes, rows: rows.slice(start, end), before: start, after: rows.length - end };
}
