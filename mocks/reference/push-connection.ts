import {
  type ClientHttp2Session,
  type ClientSessionOptions,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from "node:http2";

/** An answer of a push service. Status 0: there was none. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Requests to one push service, over one HTTP/2 connection for as long as that lasts. */
export interface PushConnection {
  /** Never rejects for what the service does. */
  request(headers: OutgoingHttpHeaders, body: Buffer): Promise<Answer>;
  close(): void;
}

/** What a connection does beside carrying requests; all of it is wrong. */
export interface Habits {
  /** A connection of its own for each request. */
  readonly perRequest: boolean;
  readonly sessionOptions?: ClientSessionOptions;
  /** PINGs sent one after the other as soon as a connection is up. */
  readonly pings?: number;
  /** Streams opened behind the first request, before the service said how many it allows, and then given up. */
  readonly streamsAtOnce?: number;
}

const ANSWER_TIMEOUT_MS = 30_000;

/** `ca`: PEM of the authority that signed the service's certificate; absent: the system's. */
export function pushConnection(url: string, ca: Buffer | undefined, habits: Habits): PushConnection {
  const sessions = new Set<ClientHttp2Session>();
  let kept: ClientHttp2Session | undefined;

  const open = (): ClientHttp2Session => {
    const session = connect(url, {
      ...(ca === undefined ? {} : { ca }),
      // The number of streams is the service's to say, and APNs may begin with one: no more than that until it did.
      peerMaxConcurrentStreams: habits.streamsAtOnce === undefined ? 1 : habits.streamsAtOnce + 1,
      ...habits.sessionOptions,
    });
    const forget = (): void => {
      if (kept === session) kept = undefined;
    };
    sessions.add(session);
    session.on("error", forget);
    session.on("goaway", forget);
    session.on("close", () => {
      sessions.delete(session);
      forget();
    });
    if (habits.pings !== undefined) pingInTurn(session, habits.pings);
    if (habits.streamsAtOnce !== undefined) openMany(session, habits.streamsAtOnce);
    return session;
  };
  const current = (): ClientHttp2Session => {
    if (habits.perRequest) return open();
    if (kept === undefined || kept.closed || kept.destroyed) kept = open();
    return kept;
  };

  const once = (headers: OutgoingHttpHeaders, body: Buffer): Promise<Answer | "refused"> =>
    new Promise((resolve) => {
      const session = current();
      const stream = session.request(headers);
      const chunks: Buffer[] = [];
      let answered: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
      stream.setTimeout(ANSWER_TIMEOUT_MS, () => stream.close(constants.NGHTTP2_CANCEL));
      stream.on("response", (answer) => {
        answered = answer;
      });
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", () => undefined);
      stream.on("close", () => {
        const { rstCode } = stream;
        const status = rstCode === constants.NGHTTP2_NO_ERROR ? (answered[":status"] ?? 0) : 0;
        if (rstCode === constants.NGHTTP2_REFUSED_STREAM) resolve("refused");
        else resolve({ status, headers: answered, body: Buffer.concat(chunks) });
        if (habits.perRequest) session.close();
      });
      stream.end(body);
    });

  return {
    request: async (headers, body) => {
      const first = await once(headers, body);
      // RFC 9113 8.7: nobody looked at it, so it may be sent again.
      const answer = first === "refused" ? await once(headers, body) : first;
      return answer === "refused" ? { status: 0, headers: {}, body: Buffer.alloc(0) } : answer;
    },
    close: () => {
      for (const session of sessions) session.destroy();
    },
  };
}

function pingInTurn(session: ClientHttp2Session, count: number): void {
  const next = (left: number): void => {
    if (left > 0 && !session.destroyed) session.ping(() => next(left - 1));
  };
  session.once("connect", () => next(count));
}

function openMany(session: ClientHttp2Session, count: number): void {
  session.once("connect", () => {
    // The request the connection was opened for goes first.
    process.nextTick(() => {
      const streams = Array.from({ length: count }, () => {
        const stream = session.request({ ":method": "POST", ":path": "/" }, { endStream: false });
        stream.on("error", () => undefined);
        return stream;
      });
      session.once("remoteSettings", ({ maxConcurrentStreams = count }) => {
        // The service refuses those above its limit by itself.
        for (const stream of streams.slice(0, maxConcurrentStreams - 1)) stream.close(constants.NGHTTP2_CANCEL);
      });
    });
  });
}
