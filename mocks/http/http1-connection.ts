import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../harness/errors.ts";
import { GOES_ON, MAX_DISCARDED_BYTES } from "./discard-gauge.ts";
import { headerFieldsOf, outgoingHeaders } from "./header-fields.ts";
import type { HttpAnswer, HttpConnection, HttpRequest } from "./http-exchange.ts";
import type { ListenerContext, SecureConnection } from "./listener-context.ts";
import { overdueWatch } from "./overdue.ts";

/** Requests of one connection that wait for their answers. */
const MAX_PIPELINED = 100;
/** How long a connection that was given up may last, until the client has read why. */
const LINGER_MS = 2000;
/** After that long without a byte TCP finds out whether the other end is still there (RFC 1122 section 4.2.3.6). */
const KEEP_ALIVE_MS = 30_000;

/** An HTTP/1.1 connection, for the server that parses what comes over it. */
export interface Http1Connection {
  readonly connection: HttpConnection;
  readonly serve: (message: IncomingMessage, response: ServerResponse) => void;
  /** Gives the connection up; tells the client by `status` (code and phrase) where nothing else is being sent. */
  readonly fail: (why: string, status?: string) => void;
}

/** A request that waits for its answer, or its answer that waits until it was sent. */
interface Exchange {
  readonly response: ServerResponse;
  readonly abort: AbortController;
  isAnswered: boolean;
}

/** The socket must be a Node HTTP server's already: what is listened for here comes after what the server does. */
export function serveHttp1(secure: SecureConnection, context: ListenerContext): Http1Connection {
  const { id, socket, remote, tlsVersion, openedAtMs, peerCertificate } = secure;
  const { options, tell } = context;
  const { clock, limits, handler } = options;
  // In the order of the requests, which is the order of the answers.
  const exchanges: Exchange[] = [];
  let isReceiving = false;
  let isDiscarding = false;
  let discarded = 0;
  let isGoingAway = false;
  let isOver = false;
  let closedBecause: string | undefined;
  let endLinger: (() => void) | undefined;
  let endIdle: (() => void) | undefined;

  const connection: HttpConnection = {
    id,
    protocol: "http/1.1",
    remote,
    tlsVersion,
    openedAtMs,
    ...(peerCertificate === undefined ? {} : { peerCertificate }),
    allowStreams: () => {},
    goAway() {
      isGoingAway = true;
      closedBecause = "the server closed the connection";
      if (exchanges.length === 0) socket.end();
    },
    destroy(why) {
      if (isOver) return;
      closedBecause = why;
      socket.destroy();
      over();
    },
  };
  const overdue = overdueWatch<"request" | "answer">(limits.requestMs, clock, (what) => {
    if (what === "request") fail("the request was not complete in time", "408 Request Timeout");
    else fail("the answer was not taken in time");
  });

  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.on("data", received);
  socket.on("error", (error) => (closedBecause ??= `the connection broke: ${messageOf(error)}`));
  socket.once("close", over);
  startIdle();
  return { connection, serve, fail };

  function received(chunk: Buffer): void {
    stopIdle();
    // HTTP/1.1 gets at the next request only by reading over the rest of a body that was cut off.
    if (isDiscarding) discarded += chunk.length;
    if (discarded > MAX_DISCARDED_BYTES) fail(GOES_ON);
    if (isReceiving || isOver) return;
    isReceiving = true;
    overdue.begin("request");
  }

  function receivedAll(): void {
    isReceiving = false;
    isDiscarding = false;
    discarded = 0;
    overdue.end("request");
    if (exchanges.length === 0) startIdle();
  }

  function serve(message: IncomingMessage, response: ServerResponse): void {
    const exchange: Exchange = { response, abort: context.signals.take(), isAnswered: false };
    exchanges.push(exchange);
    if (exchanges.length > MAX_PIPELINED) {
      fail(`more than ${MAX_PIPELINED} requests wait for their answers`);
      return;
    }
    response.once("close", () => {
      if (!exchange.isAnswered) exchange.abort.abort();
      finished(exchange);
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    message.on("error", ignore);
    message.on("data", (chunk: Buffer) => {
      if (size > limits.bodyBytes) return;
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limits.bodyBytes) return;
      message.pause();
      isDiscarding = true;
      complete(true);
    });
    message.once("end", () => {
      receivedAll();
      if (size <= limits.bodyBytes) complete(false);
    });

    function complete(isCut: boolean): void {
      if (isOver || context.isClosing()) return;
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const target = requestTarget(message);
      const request: HttpRequest = {
        connection,
        method: message.method ?? "",
        ...target,
        headers: headerFieldsOf(message.rawHeaders),
        body: isCut ? body.subarray(0, limits.bodyBytes) : body,
        isCut,
        receivedAtMs: clock.now(),
        notes: [],
      };
      const answer = handler(request, exchange.abort.signal);
      if ("kind" in answer) respond(exchange, request, answer);
      else void answer.then((late) => respond(exchange, request, late));
    }
  }

  function respond(exchange: Exchange, request: HttpRequest, answer: HttpAnswer): void {
    const { response } = exchange;
    if (isOver || response.destroyed) {
      context.answered(request, answer, "abandoned");
      return;
    }
    exchange.isAnswered = true;
    context.signals.giveBack(exchange.abort);
    if (answer.kind === "reset") {
      connection.destroy("the answer was to cut the connection");
    } else {
      const headers = outgoingHeaders(answer.headers);
      headers["content-length"] = Buffer.byteLength(answer.body ?? "");
      if (isGoingAway && !isReceiving && exchanges.at(-1) === exchange) headers["connection"] = "close";
      response.writeHead(answer.status, headers);
      response.end(answer.body);
      // What is left of a body that was cut off comes before the next request.
      response.req.resume();
      if (exchanges[0] === exchange) overdue.begin("answer");
    }
    context.answered(request, answer, "sent");
  }

  /** The answer was handed to the operating system, or never will be. */
  function finished(exchange: Exchange): void {
    const at = exchanges.indexOf(exchange);
    if (at >= 0) exchanges.splice(at, 1);
    overdue.end("answer");
    if (exchanges[0]?.isAnswered === true) overdue.begin("answer");
    if (exchanges.length > 0 || isReceiving) return;
    startIdle();
    if (isGoingAway) socket.end();
  }

  function fail(why: string, status?: string): void {
    if (isOver || endLinger !== undefined) return;
    closedBecause = `HTTP/1.1: ${why}`;
    tell({ kind: "failed", connectionId: id, why: closedBecause });
    if (status === undefined || exchanges.length > 0 || !socket.writable) {
      connection.destroy(closedBecause);
      return;
    }
    endLinger = clock.after(LINGER_MS, () => socket.destroy());
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  }

  function startIdle(): void {
    if (limits.idleMs === undefined || isOver) return;
    endIdle ??= clock.after(limits.idleMs, () => connection.destroy("nothing happened on the connection for too long"));
  }

  function stopIdle(): void {
    endIdle?.();
    endIdle = undefined;
  }

  function over(): void {
    if (isOver) return;
    isOver = true;
    endLinger?.();
    stopIdle();
    overdue.stop();
    for (const { abort, isAnswered } of exchanges) if (!isAnswered) abort.abort();
    tell({ kind: "closed", connection, why: closedBecause ?? "the client closed the connection" });
  }
}

function ignore(): void {}

/** Splits a target in absolute form, which a server has to take (RFC 9112 section 3.2.2). */
function requestTarget({ url = "", headers }: IncomingMessage): { readonly path: string; readonly authority: string } {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  if (absolute === null) return { path: url, authority: headers.host ?? "" };
  const [, authority = "", rest = ""] = absolute;
  return { path: rest.startsWith("/") ? rest : `/${rest}`, authority };
}
