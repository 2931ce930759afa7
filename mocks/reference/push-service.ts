import type { PushedCall } from "./push-payload.ts";

/** Who brings pushes to a phone (the values of `pn-provider`, RFC 8599 10.1). */
export type Provider = "apns" | "fcm";

/** Where a push goes. */
export interface PushTarget {
  readonly provider: Provider;
  readonly token: string;
}

/** What became of one push. Status 0: no answer at all. */
export interface PushResult {
  readonly accepted: boolean;
  readonly status: number;
  /** The service says that the token leads to no phone: since when (epoch milliseconds), or as of now. */
  readonly tokenDead?: { readonly sinceMs?: number };
}

/**
 * Waits that long before a push is sent again. False: the call cannot wait so long, or has no use for a push any more; said
 * at once in the first case.
 */
export type Patience = (delayMs: number) => Promise<boolean>;

/** The provider side of one push service. */
export interface PushService {
  /** Sends a push for a call; never rejects. */
  push(token: string, call: PushedCall, patience: Patience): Promise<PushResult>;
  close(): void;
}

/** Nothing was sent, or nobody answered. */
export const NO_ANSWER: PushResult = { accepted: false, status: 0 };

/** How often the fault `retry-storm` sends a refused push again, at once. */
export const STORM = 5;
