import type { TokenDirectory } from "../push/push-hooks.ts";

export type TokenState = ReturnType<TokenDirectory>["state"];

/** A device token that a mock has issued, or was told about. */
export interface DeviceToken {
  readonly token: string;
  readonly state: Exclude<TokenState, "unknown">;
  /** Epoch milliseconds since when it is `unregistered` or `expired`. */
  readonly sinceMs?: number;
  /** The topics or the package it was issued for; absent: any. */
  readonly apps?: readonly string[];
  readonly environment?: "production" | "sandbox";
  /** False while its phone is switched off or without network. */
  readonly isReachable: boolean;
}

/** What a mock knows of device tokens. */
export interface DeviceTokens {
  readonly lookUp: TokenDirectory;
  add(token: DeviceToken): void;
  /** Changes what is known of a token; one never heard of becomes known thereby. */
  change(token: string, change: Partial<Omit<DeviceToken, "token">>): void;
  isReachable(token: string): boolean;
}

/** @param others what a token is that was neither issued nor told about */
export function deviceTokens(others: ReturnType<TokenDirectory>): DeviceTokens {
  const known = new Map<string, DeviceToken>();
  return {
    lookUp: (token) => known.get(token) ?? others,
    add: (token) => void known.set(token.token, token),
    change(token, change) {
      const before = known.get(token) ?? { ...others, token, state: "current", isReachable: true };
      known.set(token, { ...before, ...change });
    },
    isReachable: (token) => known.get(token)?.isReachable ?? true,
  };
}
