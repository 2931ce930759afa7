import { UsageError } from "../errors.ts";
import type { Account } from "./world.ts";

/** Lends accounts of a pool to cases, first come first served. */
export interface AccountLending {
  /** Resolves once that many are free; the lease is over when `giveBack` is called. */
  borrow(count: number): Promise<{ readonly accounts: readonly Account[]; readonly giveBack: () => void }>;
}

/** @throws UsageError from `borrow` when the pool is smaller than what one case needs. */
export function accountLending(pool: readonly Account[]): AccountLending {
  const free = [...pool];
  const waiting: { readonly count: number; readonly serve: (accounts: readonly Account[]) => void }[] = [];
  const serveWaiting = (): void => {
    for (let first = waiting[0]; first !== undefined && first.count <= free.length; first = waiting[0]) {
      waiting.shift();
      first.serve(free.splice(0, first.count));
    }
  };
  return {
    async borrow(count) {
      if (count > pool.length)
        throw new UsageError(
          "too-few-accounts",
          `target.subscribers has ${pool.length} accounts and a plan needs ${count} at once: give it more, or use generatedSubscribers().`,
        );
      const accounts = await new Promise<readonly Account[]>((serve) => {
        waiting.push({ count, serve });
        serveWaiting();
      });
      return {
        accounts,
        giveBack() {
          // To the end of the queue: the longer an account rests, the less one case's leftovers meet the next.
          free.push(...accounts);
          serveWaiting();
        },
      };
    },
  };
}
