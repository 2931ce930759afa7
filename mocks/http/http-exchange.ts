/** The wire side that the simulated push services share: what they are told of a connection and of each request on it. */

export type HeaderField = readonly [name: string, value: string];

/** A habit or fault of the client below HTTP semantics, which an ordinary HTTP server hides. */
export interface WireNote {
  readonly kind:
    /** A PRIORITY frame, or priority fields in HEADERS (RFC 9113 section 5.3 deprecates both). */
    | "priority"
    /** `:scheme` was not `http` or `https` (`https:`, say) and was repaired before HTTP saw it. */
    | "malformed-scheme"
    /** A header field that changes with each request, or is a secret, was put into the HPACK table. `detail` names it. */
    | "indexed-field"
    /** A header field that may go into the HPACK table once entered it again with another value. `detail` names it. */
    | "reindexed-field"
    /** More PINGs than the limits allow. */
    | "ping-rate"
    /** More streams at once than SETTINGS_MAX_CONCURRENT_STREAMS; those too many were refused (REFUSED_STREAM). Noted once. */
    | "streams-refused";
  /** What was seen, in words. */
  readonly detail: string;
}

/** A client certificate as TLS gave it; judged by the rules of the service, not by TLS. */
export interface PeerCertificate {
  readonly der: Uint8Array;
  readonly subject: string;
  /** The test authority signed it, and it is valid now. */
  readonly trusted: boolean;
}

export interface HttpConnection {
  readonly id: string;
  readonly protocol: "h2" | "http/1.1";
  readonly remote: string;
  readonly tlsVersion: string;
  readonly peerCertificate?: PeerCertificate;
  /** Monotonic milliseconds. */
  readonly openedAtMs: number;
  /**
   * HTTP/2: sends SETTINGS_MAX_CONCURRENT_STREAMS. At most one SETTINGS is unacknowledged at a time; the newest wish is sent
   * when the last was acknowledged. Nothing on HTTP/1.1.
   */
  allowStreams(count: number): void;
  /** HTTP/2: GOAWAY with `data` as its debug data, after which the connection ends once its open streams are done. */
  goAway(data: string, errorCode?: number): void;
  /** Ends it at once. `why` becomes its `connection.closed`. */
  destroy(why: string): void;
}

/** One complete request (of a stream, or of an HTTP/1.1 message). */
export interface HttpRequest {
  readonly connection: HttpConnection;
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly authority: string;
  /** Without pseudo-headers: lower-case names, order and repetition kept, values as received (one character per byte). */
  readonly headers: readonly HeaderField[];
  /** At most `limits.bodyBytes`. */
  readonly body: Uint8Array;
  /** The body was longer, and what followed was not read. */
  readonly isCut: boolean;
  /** Monotonic milliseconds, when it was complete. */
  readonly receivedAtMs: number;
  /** What the wire noted about this request (never about the whole connection). */
  readonly notes: readonly WireNote[];
}

export type HttpAnswer =
  | {
      readonly kind: "respond";
      readonly status: number;
      readonly headers: readonly HeaderField[];
      /** Absent: no content. */
      readonly body?: string;
    }
  /** HTTP/2: RST_STREAM with this code; HTTP/1.1: the connection is cut. */
  | { readonly kind: "reset"; readonly errorCode: number };

/** What became of an answer: `sent` was handed to the socket, `abandoned` found the stream or connection gone. */
export type HttpOutcome = "sent" | "abandoned";

/** How the answer is held back is the service's own doing: it takes its time and gives up when `signal` aborts. */
export type HttpHandler = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer> | HttpAnswer;
