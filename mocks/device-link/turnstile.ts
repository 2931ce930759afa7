/** Lets so many in at once, in the order they came. */
export interface Turnstile {
  /** True once inside; false when it closed or `signal` aborted first. */
  enter(signal?: AbortSignal): Promise<boolean>;
  /** Called once by each that was let in. */
  leave(): void;
  /** Lets nobody in any more. */
  close(): void;
}

export function turnstile(capacity: number): Turnstile {
  const waiting = new Set<(isIn: boolean) => void>();
  let inside = 0;
  let isClosed = false;
  return {
    async enter(signal) {
      if (isClosed || signal?.aborted === true) return false;
      if (inside < capacity && waiting.size === 0) {
        inside += 1;
        return true;
      }
      return await new Promise<boolean>((resolve) => {
        const settle = (isIn: boolean): void => {
          waiting.delete(settle);
          signal?.removeEventListener("abort", abort);
          if (isIn) inside += 1;
          resolve(isIn);
        };
        const abort = (): void => settle(false);
        signal?.addEventListener("abort", abort);
        waiting.add(settle);
      });
    },
    leave() {
      inside -= 1;
      const [first] = waiting;
      if (!isClosed) first?.(true);
    },
    close() {
      isClosed = true;
      for (const settle of waiting) settle(false);
    },
  };
}
