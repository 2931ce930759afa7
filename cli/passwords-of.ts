import type { QualifiedConfig } from "../harness/config/config.ts";

/** Passwords of the accounts of a pool. */
export function passwordsOf({ target: { subscribers } }: QualifiedConfig): readonly string[] {
  return subscribers.kind === "pool" ? subscribers.accounts.flatMap(({ password }) => password ?? []) : [];
}
