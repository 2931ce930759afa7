import type { Clock } from "../../harness/clock/clock.ts";
import type { TestAuthority } from "../tls/test-authority.ts";
import type { HttpAnswer, HttpConnection, HttpHandler, HttpOutcome, HttpRequest, WireNote } from "./http-exchange.ts";

export interface HttpListenerOptions {
  readonly bind: string;
  /** 0: any free port. */
  readonly port: number;
  /** Names the config field in the UsageError where it cannot listen, e.g. `world.ports.apns`. */
  readonly portField: string;
  /** Of this service in messages: "the simulated APNs". */
  readonly title: string;
  /** Prefix of connection ids: `apns` gives `apns-1`, `apns-2`, ... */
  readonly prefix: string;
  readonly clock: Clock;
  readonly authority: TestAuthority;
  /** Names of the server certificate, beside `localhost`, the loopback addresses and `bind`. */
  readonly names: readonly string[];
  /** `["h2"]`, or `["h2", "http/1.1"]`. */
  readonly protocols: readonly ("h2" | "http/1.1")[];
  /** A client without ALPN: refused (the connection fails), or served as HTTP/1.1. */
  readonly withoutAlpn: "refuse" | "http/1.1";
  readonly asksForCertificate: boolean;
  /** The server's SETTINGS. Streams at the start are decided per connection (see `onConnection`). */
  readonly settings: {
    readonly headerTableSize: number;
    readonly maxConcurrentStreams: (peer: { readonly hasCertificate: boolean }) => number;
    readonly initialWindowSize: number;
    readonly maxFrameSize: number;
    readonly maxHeaderListSize: number;
  };
  readonly limits: HttpLimits;
  /** Header fields whose HPACK indexing is noted (`indexed-field`). */
  readonly neverIndexed: readonly string[];
  /** Header fields that may enter the HPACK table of a connection once: with another value it is noted (`reindexed-field`). */
  readonly indexedOnce: readonly string[];
  readonly handler: HttpHandler;
  /** The answer was handed to the socket or never will be; in the order of the answers. */
  readonly onAnswered: (request: HttpRequest, answer: HttpAnswer, outcome: HttpOutcome) => void;
  readonly onConnection: (event: ListenerConnectionEvent) => void;
}

/** How much of a client's misbehaviour is borne, and for how long. All of them cut off that client alone. */
export interface HttpLimits {
  readonly connections: number;
  readonly handshakeMs: number;
  readonly bodyBytes: number;
  /** From the first byte of a request to its last. */
  readonly requestMs: number;
  /** A connection on which nothing happens; absent: it may idle for ever (a PING every 30 s finds the dead ones). */
  readonly idleMs?: number;
  /** PINGs of the client per minute that draw no note. */
  readonly pingsPerMinute: number;
}

export type ListenerConnectionEvent =
  | { readonly kind: "opened"; readonly connection: HttpConnection }
  | { readonly kind: "noted"; readonly connection: HttpConnection; readonly note: WireNote }
  | { readonly kind: "closed"; readonly connection: HttpConnection; readonly why: string }
  /** A TLS, HTTP/2 or HTTP/1.1 failure, in words; alone where no connection came up, else before `closed`. */
  | { readonly kind: "failed"; readonly connectionId: string; readonly why: string };

/** A listening HTTP server over TLS. */
export interface HttpListener {
  readonly host: string;
  readonly port: number;
  /** Destroys every connection and stops listening; resolves when nothing is left. Nothing is called afterwards. */
  close(): Promise<void>;
}
