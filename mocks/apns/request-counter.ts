/** Counts pushes per device token. */
export interface RequestCounter {
  /** Notes one push; returns how many there were for its token within the window, with it. */
  count(token: string, nowMs: number): number;
}

const REMEMBERED = 10_000;

/** Remembers of each token the newest pushes, as many as are needed to tell that there are too many. */
export function requestCounter({ count, perMs }: { readonly count: number; readonly perMs: number }): RequestCounter {
  const times = new Map<string, readonly number[]>();
  return {
    count(token, nowMs) {
      const recent = (times.get(token) ?? []).filter((atMs) => nowMs - atMs < perMs);
      const kept = [...recent, nowMs].slice(-(count + 1));
      // Set anew, so that the token forgotten first is the one not heard of for longest.
      times.delete(token);
      times.set(token, kept);
      const oldest = times.keys().next();
      if (times.size > REMEMBERED && oldest.done !== true) times.delete(oldest.value);
      return kept.length;
    },
  };
}
