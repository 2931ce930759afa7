import type { Transport } from "../../harness/trace/trace-event.ts";
import { listenStreams } from "./listen-streams.ts";
import { listenUdp } from "./listen-udp.ts";
import { listenWebSockets } from "./listen-websockets.ts";
import type { Address, SipSocket, WireFate, WireTap } from "./sip-socket.ts";

/** A server certificate with its private key, both PEM. */
export interface ServerCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface ListenOptions {
  readonly transport: Transport;
  /** An IP literal. @default "127.0.0.1" */
  readonly bind?: string;
  /** @default any free one */
  readonly port?: number;
  /** Host that our Via and Contact name. @default `bind` */
  readonly advertise?: string;
  /** For `tls`, which needs it, and for `ws`, which it makes `wss`. */
  readonly certificate?: ServerCertificate;
  /** Path of `ws`, with its slash. @default any */
  readonly path?: string;
  /** What the names of its flows begin with: `<flow>/1`, `<flow>/2`, ... */
  readonly flow: string;
  readonly tap: WireTap;
  /** What is made of one message on one flow. @default every message is delivered */
  readonly filter?: (flow: string, direction: "in" | "out", bytes: Uint8Array) => WireFate;
  /** A connection came, or a datagram from an address not heard of before. What first came over it is processed after this returns. */
  readonly onFlow: (flow: SipSocket) => void;
  /** A flow is gone, and who ended it. Called once for each. */
  readonly onClose?: (flow: string, why: string, by: "us" | "peer") => void;
  /** Bytes no SIP message could be framed from. */
  readonly onGarbage?: (flow: string, bytes: Uint8Array, why: string) => void;
  /** What came to no flow: a handshake that failed, an error of the operating system that closes nothing. */
  readonly onTrouble?: (why: string) => void;
}

/** One place where clients reach us. */
export interface SipListener {
  readonly transport: Transport;
  /** Whether it is TLS that is listened for. */
  readonly secure: boolean;
  readonly address: Address;
  /** Stops listening and ends every flow. */
  close(): Promise<void>;
}

/**
 * Listens for clients on one transport. Every flow is a `SipSocket` whose `target` is where it came from (RFC 5626 section 3.1), so what is
 * sent over it goes back the same way. Responses find their way by RFC 3261 section 18.2.2 and RFC 3581.
 *
 * @throws HarnessFault `no-udp-port`, `no-sip-port` when the operating system refuses the port.
 */
export async function listenSip(options: ListenOptions): Promise<SipListener> {
  switch (options.transport) {
    case "udp":
      return await listenUdp(options);
    case "tcp":
    case "tls":
      return await listenStreams(options.transport, options);
    case "ws":
      return await listenWebSockets(options);
  }
}
