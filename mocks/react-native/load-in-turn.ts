import type { Clock } from "../../harness/clock/clock.ts";

const TURN = Symbol.for("ringtrue.react-native.turn");

/** An app that waits for something while it is loaded does not keep the others waiting longer than this. */
const LONGEST_TURN_MS = 2_000;

/**
 * Loads apps one after the other. While one is loaded, what it imports has to find its own module graph and its own native side, of
 * which there is one at a time for all of this process. Resolves, or rejects, with the load.
 */
export async function loadInTurn(clock: Pick<Clock, "after">, load: () => Promise<void>): Promise<void> {
  const turns = globalThis as Record<symbol, Promise<void> | undefined>;
  const before = turns[TURN];
  let pass: () => void = () => {};
  turns[TURN] = new Promise((resolve) => (pass = resolve));
  await before;
  const stop = clock.after(LONGEST_TURN_MS, pass);
  try {
    await load();
  } finally {
    stop();
    pass();
  }
}
