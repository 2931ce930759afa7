import { constants } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { headerFieldsOf, outgoingHeaders } from "./header-fields.ts";
import type { HttpAnswer, HttpConnection, HttpRequest, WireNote } from "./http-exchange.ts";
import type { ListenerContext } from "./listener-context.ts";
import { overdueWatch } from "./overdue.ts";

/** The connection that streams belong to, as they see it. */
export interface StreamsOwner {
  readonly connection: HttpConnection;
  /** What the wire noted about the request of a stream. */
  readonly takeNotes: (stream: number) => readonly WireNote[];
  /** RST_STREAM is about to be sent on a stream that is no failure of the connection. */
  readonly willReset: (stream: number) => void;
  /** One stream failed, and is closed. */
  readonly streamFailed: (why: string) => void;
  /** The client asks for more than one connection may have. */
  readonly overloaded: (why: string) => void;
  /** The first stream opened after none was open; the last one closed. */
  readonly busy: () => void;
  readonly quiet: () => void;
}

/** The streams of a connection. */
export interface Http2Streams {
  /** For Node's `stream` event. */
  readonly serve: (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    flags: number,
    rawHeaders: readonly string[],
  ) => void;
  readonly open: () => number;
  /** The connection is over: every signal aborts. */
  readonly stop: () => void;
}

interface Exchange {
  readonly stream: ServerHttp2Stream;
  /** Bytes of the body that came in. */
  size: number;
  /** While its request is with the handler. */
  abort: AbortController | undefined;
  phase: "receiving" | "handling" | "answered";
}

/** Bytes of incomplete bodies, over all streams of a connection. */
const MAX_INCOMPLETE_BYTES = 8_388_608;
const EMPTY_BODY = new Uint8Array();
// An answer has the fields it was given and no others: Node would add `date`.
const WITHOUT_BODY = { endStream: true, sendDate: false };
const WITH_BODY = { endStream: false, sendDate: false };

/** Reads the requests of a connection, has them answered, and answers. */
export function http2Streams(owner: StreamsOwner, context: ListenerContext): Http2Streams {
  const { connection } = owner;
  const { clock, limits, handler } = context.options;
  const exchanges = new Set<Exchange>();
  let incompleteBytes = 0;
  const overdue = overdueWatch<Exchange>(limits.requestMs, clock, ({ stream, phase }) => {
    // The whole answer waits for the connection, whose PINGs will show that it is stuck.
    if (stream.closed) return;
    const what = phase === "receiving" ? "the request was not complete" : "the answer was not taken";
    const id = stream.id ?? 0;
    owner.willReset(id);
    stream.close(constants.NGHTTP2_CANCEL);
    owner.streamFailed(`${what} in time on stream ${id}`);
  });

  return {
    serve,
    open: () => exchanges.size,
    stop() {
      overdue.stop();
      for (const { abort } of exchanges) abort?.abort();
      exchanges.clear();
    },
  };

  function serve(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    rawHeaders: readonly string[],
  ): void {
    const exchange: Exchange = { stream, size: 0, abort: undefined, phase: "receiving" };
    if (exchanges.size === 0) owner.busy();
    exchanges.add(exchange);
    overdue.begin(exchange);
    let chunks: Uint8Array[] | undefined;

    // What goes wrong on a stream shows as its end; Node raises it as an error as well.
    stream.on("error", ignore);
    stream.on("data", (chunk: Buffer) => {
      if (exchange.phase !== "receiving") return;
      exchange.size += chunk.length;
      incompleteBytes += chunk.length;
      if (chunks === undefined) chunks = [chunk];
      else chunks.push(chunk);
      if (exchange.size > limits.bodyBytes) {
        // Unread bytes stay with the client: its flow-control window is not opened again.
        stream.pause();
        complete(true);
      } else if (incompleteBytes > MAX_INCOMPLETE_BYTES) {
        owner.overloaded(`more than ${MAX_INCOMPLETE_BYTES} bytes of incomplete bodies`);
      }
    });
    stream.on("end", () => {
      // Node ends what it reads also where the stream was reset or the client went away.
      if (exchange.phase === "receiving" && !stream.closed && !stream.aborted) complete(false);
    });
    stream.on("close", () => {
      if (exchange.phase === "receiving") incompleteBytes -= exchange.size;
      exchange.abort?.abort();
      overdue.end(exchange);
      exchanges.delete(exchange);
      if (exchanges.size === 0) owner.quiet();
    });

    function complete(isCut: boolean): void {
      exchange.phase = "handling";
      incompleteBytes -= exchange.size;
      overdue.end(exchange);
      if (context.isClosing()) return;
      const body = chunks === undefined ? EMPTY_BODY : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const request: HttpRequest = {
        connection,
        method: headers[":method"] ?? "",
        path: headers[":path"] ?? "",
        authority: headers[":authority"] ?? headers.host ?? "",
        headers: headerFieldsOf(rawHeaders),
        body: isCut ? body.subarray(0, limits.bodyBytes) : body,
        isCut,
        receivedAtMs: clock.now(),
        notes: owner.takeNotes(stream.id ?? 0),
      };
      exchange.abort = context.signals.take();
      const answer = handler(request, exchange.abort.signal);
      if ("kind" in answer) respond(exchange, request, answer);
      else void answer.then((late) => respond(exchange, request, late));
    }
  }

  function respond(exchange: Exchange, request: HttpRequest, answer: HttpAnswer): void {
    const { stream, abort } = exchange;
    if (stream.closed || stream.destroyed || !exchanges.has(exchange)) {
      context.answered(request, answer, "abandoned");
      return;
    }
    exchange.phase = "answered";
    exchange.abort = undefined;
    if (abort !== undefined) context.signals.giveBack(abort);
    if (answer.kind === "reset") {
      owner.willReset(stream.id ?? 0);
      stream.close(answer.errorCode);
    } else {
      const headers = outgoingHeaders(answer.headers);
      headers[":status"] = answer.status;
      stream.respond(headers, answer.body === undefined ? WITHOUT_BODY : WITH_BODY);
      if (answer.body !== undefined) endWith(stream, answer.body);
      // A request that was cut off is still being sent: the client may stop (RFC 9113 section 8.1).
      if (request.isCut) stream.close(constants.NGHTTP2_NO_ERROR);
      overdue.begin(exchange);
    }
    context.answered(request, answer, "sent");
  }
}

/**
 * Ends a stream with the body of its answer. Node destroys a stream that is closed while its last write is still under way, and
 * then makes an error about that write, with a stack trace, which nobody hears of: a tenth of all the time. So one that was
 * closed in order is destroyed when its write is over, unless it has to be before.
 */
function endWith(stream: ServerHttp2Stream, body: string): void {
  const destroy = stream.destroy.bind(stream);
  stream.destroy = (error) => {
    stream.destroy = destroy;
    if (error || !stream.closed || stream.rstCode !== constants.NGHTTP2_NO_ERROR || stream.writableFinished) {
      return destroy(error);
    }
    return stream.once("finish", () => destroy());
  };
  stream.end(body);
}

function ignore(): void {}
