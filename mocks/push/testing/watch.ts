import { HarnessFault } from "../../../harness/errors.ts";

/** Waits for what callbacks bring about. */
export interface Watch {
  /** To be called whenever something happened. */
  told(): void;
  /** Resolves once the condition holds; rejects after five seconds, naming what never came. */
  until(what: string, condition: () => boolean): Promise<void>;
}

const DEADLINE_MS = 5000;

export function watch(): Watch {
  const lookers = new Set<() => void>();
  return {
    told() {
      for (const look of lookers) look();
    },
    async until(what, condition) {
      await new Promise<void>((resolve, reject) => {
        const deadline = setTimeout(() => {
          lookers.delete(look);
          reject(new HarnessFault("test-deadline", `never came: ${what}`));
        }, DEADLINE_MS);
        const look = () => {
          if (!condition()) return;
          clearTimeout(deadline);
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      });
    },
  };
}
