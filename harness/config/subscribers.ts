import type { Account } from "../run/world.ts";

/** Whose phones ring: accounts made up per case, or accounts that the target has. */
export type Subscribers =
  | { readonly kind: "generated" }
  | { readonly kind: "pool"; readonly accounts: readonly Account[] };

/** Every case makes up its own accounts: for targets that take any user of their domain. */
export function generatedSubscribers(): Subscribers {
  return { kind: "generated" };
}

/** Accounts the target was given beforehand. Cases lease them, so their number bounds how many run at once. */
export function subscriberPool(accounts: readonly Account[]): Subscribers {
  return { kind: "pool", accounts };
}
