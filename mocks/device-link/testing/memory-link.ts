import type { Link, LinkEnd, LinkReceiver } from "../link.ts";

/** A link whose other end is the test. */
export interface MemoryLink {
  readonly link: Link;
  /** What RingTrue sent, as it was written. */
  readonly sent: readonly string[];
  /** The app says this. */
  say(text: string): void;
  /** The adapter goes. */
  die(end: LinkEnd): void;
}

export function memoryLink(onSend: (text: string) => void = () => {}): MemoryLink {
  const sent: string[] = [];
  let receiver: LinkReceiver | undefined;
  let settle: (end: LinkEnd) => void = () => {};
  const closed = new Promise<LinkEnd>((resolve) => (settle = resolve));
  return {
    link: {
      kind: "stdio",
      send(text) {
        sent.push(text);
        onSend(text);
      },
      onMessage(to) {
        receiver = to;
      },
      closed,
      async close() {
        settle({ kind: "closed" });
        return await closed;
      },
      log: () => [],
    },
    sent,
    say: (text) => receiver?.message(text),
    die: (end) => settle(end),
  };
}
