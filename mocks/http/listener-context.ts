import type { TLSSocket } from "node:tls";
import type { HttpAnswer, HttpOutcome, HttpRequest, PeerCertificate } from "./http-exchange.ts";
import type { HttpListenerOptions, ListenerConnectionEvent } from "./http-listener-options.ts";
import type { SignalPool } from "./signal-pool.ts";

/** What every connection of a listener shares. */
export interface ListenerContext {
  readonly options: HttpListenerOptions;
  readonly signals: SignalPool;
  /** Once it is true, nobody is told of anything any more. */
  readonly isClosing: () => boolean;
  readonly tell: (event: ListenerConnectionEvent) => void;
  readonly answered: (request: HttpRequest, answer: HttpAnswer, outcome: HttpOutcome) => void;
}

/** A connection whose TLS handshake is over. */
export interface SecureConnection {
  readonly id: string;
  readonly socket: TLSSocket;
  readonly remote: string;
  readonly tlsVersion: string;
  readonly openedAtMs: number;
  readonly peerCertificate?: PeerCertificate;
}
