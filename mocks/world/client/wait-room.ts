import type { Clock } from "../../../harness/clock/clock.ts";

/** Where somebody waits for something to become true, but not for ever. */
export interface WaitRoom {
  /** Settles once `isDone`, looked at with every `look`, or after `mostMs`, or when the room closes. True when it was done. */
  until(isDone: () => boolean, mostMs: number): Promise<boolean>;
  /** Something may have become true. */
  look(): void;
  /** Settles with `work`, or after `mostMs`; in a closed room too. */
  within(work: Promise<unknown>, mostMs: number): Promise<void>;
  /** Nobody waits any longer. */
  close(): void;
}

export function waitRoom(clock: Clock): WaitRoom {
  const waiting = new Set<() => void>();
  let isClosed = false;
  return {
    async until(isDone, mostMs) {
      if (isDone() || isClosed) return isDone();
      return await new Promise<boolean>((resolve) => {
        const leave = (): void => {
          waiting.delete(look);
          cancel();
          resolve(isDone());
        };
        const look = (): void => {
          if (isDone() || isClosed) leave();
        };
        const cancel = clock.after(mostMs, leave);
        waiting.add(look);
      });
    },
    look() {
      for (const look of waiting) look();
    },
    async within(work, mostMs) {
      let cancel = (): void => {};
      const deadline = new Promise<void>((resolve) => (cancel = clock.after(mostMs, resolve)));
      await Promise.race([work, deadline]);
      cancel();
    },
    close() {
      isClosed = true;
      for (const look of waiting) look();
    },
  };
}
