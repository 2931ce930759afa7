/** How much of an adapter's misbehaviour one link bears. Beyond them the link names the problem; nothing else is disturbed. */
export interface LinkLimits {
  /** Longest message, in bytes. */
  readonly messageBytes: number;
  /** Messages (of any worth) per second, over a longer time. */
  readonly messagesPerSecond: number;
  /** Messages that may come at once. */
  readonly burst: number;
  /** Bytes written to an adapter that it has not read. */
  readonly unreadBytes: number;
}

export const defaultLinkLimits: LinkLimits = {
  messageBytes: 1024 * 1024,
  messagesPerSecond: 5000,
  burst: 20_000,
  unreadBytes: 8 * 1024 * 1024,
};
