import { constants } from "node:http2";
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { Duplex } from "node:stream";
import { fieldsReader, outgoingHeaders } from "./header-fields.ts";
import type { HeaderField, HttpAnswer, HttpConnection, HttpRequest, WireNote } from "./http-exchange.ts";
import type { ListenerContext } from "./listener-context.ts";
import { overdueLook, type Timed } from "./overdue.ts";

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

interface Exchange extends Timed {
  readonly id: number;
  readonly stream: ServerHttp2Stream;
  /** What came of its request; let go of once the handler has that. */
  parts: RequestParts | undefined;
  /** Bytes of the body that came in. */
  size: number;
  /** While its request is with the handler. */
  abort: AbortController | undefined;
  phase: "receiving" | "handling" | "answered";
}

interface RequestParts {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  /** Of the body. */
  readonly chunks: Uint8Array[];
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
  /** By the id of the stream. */
  const exchanges = new Map<number, Exchange>();
  /** Whose requests are not read yet. */
  let opened: Exchange[] = [];
  let incompleteBytes = 0;
  const fieldsOf = fieldsReader();
  let lastAnswer: {
    readonly status: number;
    readonly fields: readonly HeaderField[];
    readonly headers: OutgoingHttpHeaders;
  } = { status: 0, fields: [], headers: {} };
  const overdue = overdueLook(limits.requestMs, clock, () => exchanges.values(), giveUp);

  return {
    serve,
    open: () => exchanges.size,
    stop() {
      overdue.stop();
      for (const { abort } of exchanges.values()) abort?.abort();
      exchanges.clear();
      opened = [];
    },
  };

  function giveUp({ id, stream, phase }: Exchange): void {
    // The whole answer waits for the connection, whose PINGs will show that it is stuck.
    if (stream.closed) return;
    const what = phase === "receiving" ? "the request was not complete" : "the answer was not taken";
    owner.willReset(id);
    stream.close(constants.NGHTTP2_CANCEL);
    owner.streamFailed(`${what} in time on stream ${id}`);
  }

  function serve(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    rawHeaders: readonly string[],
  ): void {
    const id = stream.id ?? 0;
    const sinceMs = clock.now();
    const exchange: Exchange = {
      id,
      stream,
      parts: { headers, rawHeaders, chunks: [] },
      size: 0,
      sinceMs,
      abort: undefined,
      phase: "receiving",
    };
    if (exchanges.size === 0) owner.busy();
    exchanges.set(id, exchange);
    overdue.begun();

    // What goes wrong on a stream shows as its end; Node raises it as an error as well.
    stream.on("error", ignore);
    stream.on("end", ended);
    stream.on("close", closed);
    // The engine is in the middle of what it read. It takes all of it before the first request is answered, else the memory that the
    // answers to some take would be held against the others, and no body is there yet.
    if (opened.length === 0) setImmediate(read);
    opened.push(exchange);
  }

  function read(): void {
    const taken = opened;
    opened = [];
    for (const exchange of taken) readBody(exchange);
  }

  function readBody(exchange: Exchange): void {
    const { stream, parts } = exchange;
    if (stream.destroyed || parts === undefined || !exchanges.has(exchange.id)) return;
    // Mostly the whole body came along with the header fields. Where it is as long as they say, nothing can follow (RFC 9113
    // section 8.1.1), and to take it at once is less work than to have it handed over.
    const length = stream.readableLength;
    const isWhole = length > 0 && length <= limits.bodyBytes && `${length}` === parts.headers["content-length"];
    const body = isWhole ? (stream.read() as Buffer | null) : null;
    if (body === null) stream.on("data", received);
    else {
      // Node takes a stream that neither flows nor is paused for one that nobody reads, and closes it with its answer.
      stream.pause();
      receive(exchange, body);
    }
  }

  // These are called on their streams. Closures of their own for each stream would be a part of all that it costs.

  function received(this: ServerHttp2Stream, chunk: Buffer): void {
    const exchange = exchanges.get(this.id ?? 0);
    if (exchange?.phase === "receiving") receive(exchange, chunk);
  }

  function ended(this: ServerHttp2Stream): void {
    const exchange = exchanges.get(this.id ?? 0);
    // Node ends what it reads also where the stream was reset or the client went away.
    if (exchange?.phase === "receiving" && !this.closed && !this.aborted) complete(exchange, false);
  }

  function closed(this: ServerHttp2Stream): void {
    const exchange = exchanges.get(this.id ?? 0);
    if (exchange === undefined) return;
    if (exchange.phase === "receiving") incompleteBytes -= exchange.size;
    exchange.abort?.abort();
    exchanges.delete(exchange.id);
    if (exchanges.size === 0) owner.quiet();
  }

  function receive(exchange: Exchange, chunk: Buffer): void {
    exchange.size += chunk.length;
    incompleteBytes += chunk.length;
    exchange.parts?.chunks.push(chunk);
    if (exchange.size > limits.bodyBytes) {
      // Unread bytes stay with the client: its flow-control window is not opened again.
      exchange.stream.pause();
      complete(exchange, true);
    } else if (incompleteBytes > MAX_INCOMPLETE_BYTES) {
      owner.overloaded(`more than ${MAX_INCOMPLETE_BYTES} bytes of incomplete bodies`);
    }
  }

  function complete(exchange: Exchange, isCut: boolean): void {
    const { id, parts } = exchange;
    exchange.phase = "handling";
    exchange.sinceMs = undefined;
    exchange.parts = undefined;
    incompleteBytes -= exchange.size;
    if (parts === undefined || context.isClosing()) return;
    const { headers, rawHeaders, chunks } = parts;
    const body = chunks.length === 0 ? EMPTY_BODY : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const request: HttpRequest = {
      connection,
      method: headers[":method"] ?? "",
      path: headers[":path"] ?? "",
      authority: headers[":authority"] ?? headers.host ?? "",
      headers: fieldsOf(rawHeaders),
      body: isCut ? body.subarray(0, limits.bodyBytes) : body,
      isCut,
      receivedAtMs: clock.now(),
      notes: owner.takeNotes(id),
    };
    exchange.abort = context.signals.take();
    const answer = handler(request, exchange.abort.signal);
    if ("kind" in answer) respond(exchange, request, answer);
    else void answer.then((late) => respond(exchange, request, late));
  }

  function respond(exchange: Exchange, request: HttpRequest, answer: HttpAnswer): void {
    const { stream, abort } = exchange;
    if (stream.closed || stream.destroyed || !exchanges.has(exchange.id)) {
      context.answered(request, answer, "abandoned");
      return;
    }
    exchange.phase = "answered";
    exchange.abort = undefined;
    if (abort !== undefined) context.signals.giveBack(abort);
    if (answer.kind === "reset") {
      owner.willReset(exchange.id);
      stream.close(answer.errorCode);
    } else {
      stream.respond(outgoing(answer.status, answer.headers), answer.body === undefined ? WITHOUT_BODY : WITH_BODY);
      if (answer.body !== undefined) endWith(stream, answer.body);
      // A request that was cut off is still being sent: the client may stop (RFC 9113 section 8.1).
      if (request.isCut) stream.close(constants.NGHTTP2_NO_ERROR);
      exchange.sinceMs = clock.now();
      overdue.begun();
    }
    context.answered(request, answer, "sent");
  }

  /** Node takes a copy, so that most answers of a service can share one. */
  function outgoing(status: number, fields: readonly HeaderField[]): OutgoingHttpHeaders {
    if (lastAnswer.status !== status || lastAnswer.fields !== fields) {
      lastAnswer = { status, fields, headers: { ...outgoingHeaders(fields), ":status": status } };
    }
    return lastAnswer.headers;
  }
}

/**
 * Ends a stream with the body of its answer. Node destroys a stream that is closed while its last write is still under way, and
 * then makes an error about that write, with a stack trace, which nobody hears of: a tenth of all the time. So one that was
 * closed in order is destroyed when its write is over, unless it has to be before.
 */
function endWith(stream: ServerHttp2Stream, body: string): void {
  stream.destroy = destroyWhenWritten;
  stream.end(body);
}

function destroyWhenWritten(this: ServerHttp2Stream, error?: Error): ServerHttp2Stream {
  this.destroy = destroyNow;
  const isInOrder = !error && this.closed && this.rstCode === constants.NGHTTP2_NO_ERROR;
  return isInOrder && !this.writableFinished ? this.on("finish", destroyNow) : this.destroy(error);
}

function destroyNow(this: ServerHttp2Stream, error?: Error): ServerHttp2Stream {
  Duplex.prototype.destroy.call(this, error);
  return this;
}

function ignore(): void {}
