import type { Clock } from "../../harness/clock/clock.ts";
import type { AppHost, LinkMessage, SipConnection } from "../../harness/targets/module-app.ts";
import type { LinkEnd, Link } from "../device-link/link.ts";
import { inProcessLink } from "../device-link/in-process-link.ts";
import type { MemoryWire } from "../sip/memory-wire.ts";

/** What an app in this process is given, and RingTrue's end of its link. */
export interface HostedApp {
  readonly host: AppHost;
  readonly link: Link;
  /** The app is gone by itself: nothing comes from it any more, or to it. */
  die(end: LinkEnd): void;
}

export interface AppHostOptions {
  readonly clock: Clock;
  readonly wire: Pick<MemoryWire, "connect">;
  readonly log: (line: string) => void;
  /** Brings each message of the link on its way. */
  readonly later: (arrive: () => void) => void;
  /** RingTrue ended the link. */
  readonly onClose: () => void;
}

export function appHost({ clock, wire, log, later, onClose }: AppHostOptions): HostedApp {
  let isOver = false;
  let receive: ((message: LinkMessage) => void) | undefined;
  let early: LinkMessage[] = [];
  const { link, say, die } = inProcessLink(
    (text) => {
      const message = JSON.parse(text) as LinkMessage;
      if (receive === undefined) early.push(message);
      else receive(message);
    },
    closed,
    later,
  );

  function closed(): void {
    isOver = true;
    onClose();
  }

  return {
    host: {
      clock,
      sip: { connect: (transport) => connection(wire, transport, () => isOver) },
      link: {
        send: (message) => say(JSON.stringify(message)),
        onMessage(to) {
          receive = to;
          const waiting = early;
          early = [];
          for (const message of waiting) to(message);
        },
      },
      log,
    },
    link,
    die(end) {
      isOver = true;
      die(end);
    },
  };
}

/** What has come so far waits for the first who asks for it. */
function connection(
  wire: AppHostOptions["wire"],
  transport: SipConnection["transport"],
  isOver: () => boolean,
): SipConnection {
  let receive: ((bytes: Uint8Array) => void) | undefined;
  let early: Uint8Array[] = [];
  let isClosed = false;
  let closed: (() => void) | undefined;
  const { local, send, close } = wire.connect({
    transport,
    onMessage(bytes) {
      if (isOver()) return;
      // The app's own copy: what the trace holds is not to be written to.
      const copy = Buffer.from(bytes);
      if (receive === undefined) early.push(copy);
      else receive(copy);
    },
    onClose() {
      isClosed = true;
      if (!isOver()) closed?.();
    },
  });
  return {
    transport,
    local,
    send(message) {
      if (!isOver()) send(Buffer.from(message as string));
    },
    onMessage(to) {
      receive = to;
      const waiting = early;
      early = [];
      for (const bytes of waiting) to(bytes);
    },
    onClose(to) {
      closed = to;
      if (isClosed && !isOver()) to();
    },
    close,
  };
}
