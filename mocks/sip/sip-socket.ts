import type { SipEvent, Transport } from "../../harness/trace/trace-event.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One SIP message as it crossed a socket: what the world records as a `sip` event. */
export interface WireMessage {
  /** `out`: written by us; `in`: read by us. */
  readonly direction: "in" | "out";
  readonly bytes: Uint8Array;
  readonly flow: string;
  readonly transport: Transport;
  /** Where it came from or goes to: the target, or for datagrams sometimes another endpoint (a dialog without Record-Route). */
  readonly peer: Address;
  readonly fate: SipEvent["fate"];
  /** True for a message that one of our own timers, or our answer to a retransmission, wrote again. */
  readonly retransmission: boolean;
}

/**
 * Told of every message: of an incoming one before anything processes it, of an outgoing one at the moment it is written
 * (or would have been, when its fate is `lost`). It must not throw.
 */
export type WireTap = (message: WireMessage) => void;

/**
 * What a plan makes of one message. `duplicate` writes (or processes) it twice. `heldUntil`: it is written (and then tapped), or
 * processed (tapped when it came), once the promise resolves; what repeats a held message meanwhile is not written.
 */
export type WireFate = "deliver" | "lose" | "duplicate" | { readonly heldUntil: Promise<unknown> };
export type WireFilter = (direction: "in" | "out", bytes: Uint8Array) => WireFate;

export interface SocketOptions {
  /** Where the target listens; everything we start ourselves goes there. */
  readonly target: Address;
  /** Local address to bind, an IP literal. @default "127.0.0.1" */
  readonly bind?: string;
  /** Name of this socket, unique within the run. */
  readonly flow: string;
  readonly tap: WireTap;
  /** @default every message is delivered */
  readonly filter?: WireFilter;
  /** The socket is gone, and who ended it. Called once. */
  readonly onClose?: (why: string, by: "us" | "peer") => void;
  /** Bytes no SIP message could be framed from (also while silent). */
  readonly onGarbage?: (bytes: Uint8Array, why: string) => void;
  /** An error of the operating system that closes nothing, such as ICMP for a datagram. */
  readonly onTrouble?: (why: string) => void;
}

/**
 * One phone's or caller's own socket: a UDP port, or one stream connection opened to the target with nothing listening behind
 * it. What crosses it has already been tapped and filtered. No method throws; after the end they do nothing.
 */
export interface SipSocket {
  readonly transport: Transport;
  readonly flow: string;
  readonly local: Address;
  readonly target: Address;
  /** What Via calls the transport: `ws` over TLS is `WSS` there (RFC 7118 section 5.2). */
  readonly viaTransport: "UDP" | "TCP" | "TLS" | "WS" | "WSS";
  /** What Via and Contact call our end: `host:port`, or a name under `.invalid` where none can be reached (RFC 7118 section 5). */
  readonly sentBy: string;
  /** `silent`: open and read by the operating system; messages are tapped, nothing is processed or written any more. */
  state(): "open" | "silent" | "closed";
  /** Writes one message; datagrams go to `to` when given, else to the target. */
  send(bytes: Uint8Array, how?: { readonly to?: Address; readonly retransmission?: boolean }): void;
  /** Who processes the messages; a later receiver replaces the earlier one, `undefined` leaves them to the tap alone. */
  receive(receiver: SocketReceiver | undefined): void;
  silence(): void;
  /** Ends it in an orderly way (FIN on streams). Resolves when the operating system has let go of it. */
  close(): Promise<void>;
  /** Ends it at once (RST on streams). */
  drop(): void;
}

export interface SocketReceiver {
  readonly message: (bytes: Uint8Array, source: Address) => void;
  /** The socket is gone; nothing will be written any more. */
  readonly closed: (why: string) => void;
}
