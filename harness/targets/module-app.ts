import type { Clock } from "../clock/clock.ts";
import type { Transport } from "../trace/trace-event.ts";

/**
 * What a module that is a client target exports: called once per run and worker thread, it makes the app, which from then on hears of
 * everything through `host`. See docs/module-target.md.
 */
export type CreateApp = (host: AppHost) => App | void | Promise<App | void>;

/** What may be done with an app from outside. */
export interface App {
  /** The run is over. */
  close?(): void;
}

/** All an app in this process has of the world. In virtual time nothing else is to be waited for. */
export interface AppHost {
  /** The time of the run. In virtual time the thread's own timers and `Date` say the same. */
  readonly clock: Clock;
  readonly sip: {
    /**
     * Connects to RingTrue's registrar on that transport: one connection is one flow, with an address of its own. Which transport
     * an account registers over, `device.launch` says.
     *
     * @throws Error when RingTrue does not listen on that transport.
     */
    connect(transport: Transport): SipConnection;
  };
  /** The device link (docs/device-link.md), one JSON-RPC object per message. */
  readonly link: {
    send(message: object): void;
    /** Who hears every message of RingTrue's from now on; the last one told counts. None is lost before. */
    onMessage(receive: (message: LinkMessage) => void): void;
  };
  /** A line for the person who runs it. */
  log(line: string): void;
}

/** A message of JSON-RPC 2.0 as the device link has it. */
export interface LinkMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A flow of SIP messages, each of them whole. Nothing of it throws; after its end nothing happens any more. */
export interface SipConnection {
  readonly transport: Transport;
  /** The app's end, for Via and Contact. */
  readonly local: { readonly host: string; readonly port: number };
  /** A string is written as UTF-8. */
  send(message: string | Uint8Array): void;
  /** Who hears every message from now on; what came before is kept until then. */
  onMessage(receive: (bytes: Uint8Array) => void): void;
  /** RingTrue, or the network, ended it. Never called for UDP, nor after `close`. */
  onClose(closed: () => void): void;
  /** Ends it, as a socket's end or the death of its process does. */
  close(): void;
}
