import type { Link, LinkEnd, LinkReceiver } from "./link.ts";

/** A device link to an adapter in this process. */
export interface InProcessLink {
  readonly link: Link;
  /** What the adapter says. */
  say(text: string): void;
  /** The adapter is gone by itself. */
  die(end: LinkEnd): void;
}

/** Messages cross it in order and never while the one before is being handled. `onClose` is called when RingTrue ends it, `later` brings each message on its way. */
export function inProcessLink(
  receive: (text: string) => void,
  onClose: () => void,
  later: (arrive: () => void) => void = (arrive) => void setImmediate(arrive),
): InProcessLink {
  let receiver: LinkReceiver | undefined;
  let early: string[] = [];
  let isOver = false;
  let settle: (end: LinkEnd) => void = () => {};
  const closed = new Promise<LinkEnd>((resolve) => (settle = resolve));
  const die = (end: LinkEnd): void => {
    isOver = true;
    settle(end);
  };
  return {
    link: {
      kind: "in-process",
      send(text) {
        later(() => {
          if (!isOver) receive(text);
        });
      },
      onMessage(to) {
        receiver = to;
        for (const text of early) to.message(text);
        early = [];
      },
      closed,
      async close() {
        if (!isOver) {
          die({ kind: "closed" });
          onClose();
        }
        return await closed;
      },
      log: () => [],
    },
    say(text) {
      if (isOver) return;
      const to = receiver;
      if (to === undefined) early.push(text);
      else
        later(() => {
          if (!isOver) to.message(text);
        });
    },
    die,
  };
}
