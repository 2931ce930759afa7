import type { Link, LinkEnd, LinkReceiver } from "../device-link/link.ts";

/** A device link to an adapter in this process. */
export interface InProcessLink {
  readonly link: Link;
  /** What the adapter says. */
  say(text: string): void;
}

/** Messages cross it in order and never while the one before is being handled. `onClose` is called when RingTrue ends it. */
export function inProcessLink(receive: (text: string) => void, onClose: () => void): InProcessLink {
  let receiver: LinkReceiver | undefined;
  let early: string[] = [];
  let isClosed = false;
  let settle: (end: LinkEnd) => void = () => {};
  const closed = new Promise<LinkEnd>((resolve) => (settle = resolve));
  return {
    link: {
      kind: "stdio",
      send(text) {
        queueMicrotask(() => {
          if (!isClosed) receive(text);
        });
      },
      onMessage(to) {
        receiver = to;
        for (const text of early) to.message(text);
        early = [];
      },
      closed,
      async close() {
        if (!isClosed) {
          isClosed = true;
          onClose();
          settle({ kind: "closed" });
        }
        return await closed;
      },
      log: () => [],
    },
    say(text) {
      if (isClosed) return;
      if (receiver === undefined) early.push(text);
      else {
        const to = receiver;
        queueMicrotask(() => {
          if (!isClosed) to.message(text);
        });
      }
    },
  };
}
