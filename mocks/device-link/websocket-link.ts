import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf, UsageError } from "../../harness/errors.ts";
import type { Link, LinkEnd, LinkReceiver } from "./link.ts";
import { defaultLinkLimits, type LinkLimits } from "./link-limits.ts";
import type { LinkProblem } from "./link-problem.ts";
import { messageRate } from "./message-rate.ts";

/** How long an app has to answer the closing handshake (RFC 6455 section 7.1.1) before its connection is cut. */
const CLOSE_PATIENCE_MS = 2000;
/** Connections nobody has asked for yet. */
const MOST_WAITING = 256;
const MOST_CONNECTIONS = 1024;

export interface LinkListenerOptions {
  /** @default "127.0.0.1" */
  readonly bind?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** The name apps reach `bind` under. @default `bind` */
  readonly host?: string;
  /** Path of the address, a secret: whoever knows it is the app. At least 128 bits of randomness. */
  readonly token: string;
  readonly clock: Clock;
  /** @default defaultLinkLimits */
  readonly limits?: LinkLimits;
  /** Why somebody who tried to connect was sent away, in words. */
  readonly onRefused?: (why: string) => void;
}

/** Where apps connect to. */
export interface LinkListener {
  /** `ws://host:port/<token>` */
  readonly url: string;
  /** The next app that connects, in the order they came; undefined when the listener closes or `signal` aborts first. */
  next(signal?: AbortSignal): Promise<Link | undefined>;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/**
 * Listens for apps that connect by WebSocket, one JSON object per text message.
 *
 * A page in a browser can reach loopback too: whoever asks under another host name (DNS rebinding) or as a page of another
 * origin is refused, and so is whoever does not know the path.
 *
 * @throws UsageError `device-link-cannot-listen`
 */
export async function listenForLinks(options: LinkListenerOptions): Promise<LinkListener> {
  const { bind = "127.0.0.1", port = 0, clock, limits = defaultLinkLimits, onRefused } = options;
  const host = options.host ?? bind;
  const path = `/${options.token}`;
  const waiting: Link[] = [];
  const asking = new Set<(link: Link | undefined) => void>();
  const links = new Set<Link>();
  let isClosed = false;

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const patience = { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000 };
  const server = createServer(patience, (_, response) => {
    response.writeHead(426, { connection: "close", upgrade: "websocket" }).end("The device link speaks WebSocket.\n");
  });
  server.maxConnections = MOST_CONNECTIONS;

  function refusal(request: IncomingMessage): readonly [status: string, why: string] | undefined {
    const isOurs = (name: string): boolean => isLoopback(name) || name === bind || name === host;
    const asked = hostName(`ws://${request.headers.host ?? ""}`);
    if (asked === undefined || !isOurs(asked)) return ["403 Forbidden", "its Host is not this one"];
    const { origin } = request.headers;
    const page = origin === undefined ? undefined : hostName(origin);
    if (origin !== undefined && (page === undefined || !isOurs(page)))
      return ["403 Forbidden", "its Origin is a page of another host"];
    if (!isSame(request.url ?? "", path)) return ["404 Not Found", "its path is not that of the device link"];
    if (waiting.length >= MOST_WAITING) return ["503 Service Unavailable", "too many apps are waiting"];
    return undefined;
  }

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => {});
    const refused = refusal(request);
    if (refused !== undefined || isClosed) {
      const [status, why] = refused ?? ["503 Service Unavailable", "the run is over"];
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
      onRefused?.(`A connection to the device link was refused: ${why}.`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const link = websocketLink(webSocket, clock, limits);
      links.add(link);
      void link.closed.then(() => {
        links.delete(link);
        const at = waiting.indexOf(link);
        if (at >= 0) waiting.splice(at, 1);
      });
      const [first] = asking;
      if (first === undefined) waiting.push(link);
      else first(link);
    });
  });
  // A request that ws finds malformed is answered by ws itself.
  sockets.on("wsClientError", (error: Error, socket: Duplex) => {
    socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", () => socket.destroy());
    onRefused?.(`A connection to the device link was refused: ${error.message}.`);
  });

  try {
    server.listen(port, bind);
    await once(server, "listening");
  } catch (error) {
    throw new UsageError(
      "device-link-cannot-listen",
      `The device link cannot listen on ${bind}:${port} (${messageOf(error)}).`,
      { cause: error },
    );
  }
  const { port: taken } = server.address() as AddressInfo;

  return {
    url: `ws://${host.includes(":") ? `[${host}]` : host}:${taken}${path}`,
    async next(signal) {
      if (isClosed || signal?.aborted === true) return undefined;
      const first = waiting.shift();
      if (first !== undefined) return first;
      return await new Promise((resolve) => {
        const give = (link: Link | undefined): void => {
          asking.delete(give);
          signal?.removeEventListener("abort", abort);
          resolve(link);
        };
        const abort = (): void => give(undefined);
        signal?.addEventListener("abort", abort);
        asking.add(give);
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      for (const give of asking) give(undefined);
      const ended = once(server, "close");
      server.close();
      await Promise.all([...links].map(async (link) => await link.close()));
      server.closeAllConnections();
      await ended;
    },
  };
}

function websocketLink(webSocket: WebSocket, clock: Clock, limits: LinkLimits): Link {
  const mayCome = messageRate(clock, limits);
  let receiver: LinkReceiver | undefined;
  let why: LinkEnd | undefined;
  let isCut = false;
  let cancelTimer = (): void => {};
  webSocket.pause();

  const cut = (problem: LinkProblem): void => {
    if (isCut) return;
    isCut = true;
    why ??= { kind: "cut", problem };
    receiver?.problem(problem);
    webSocket.terminate();
  };
  const take = (tell: (receiver: LinkReceiver) => void): void => {
    if (isCut || receiver === undefined) return;
    if (mayCome()) tell(receiver);
    else cut({ kind: "flood", messagesPerSecond: limits.messagesPerSecond });
  };
  webSocket.on("message", (data: RawData, isBinary: boolean) => {
    // `nodebuffer` is the binary type of a socket nobody changed.
    const bytes = data as Buffer;
    take((to) =>
      isBinary ? to.problem({ kind: "binary-message", bytes: bytes.length }) : to.message(bytes.toString("utf8")),
    );
  });
  // Each is answered with a pong, so they count as what they cost.
  webSocket.on("ping", () => take(() => {}));
  webSocket.on("pong", () => take(() => {}));
  webSocket.on("error", (error: Error & { readonly code?: string }) => {
    if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") cut({ kind: "too-long", limitBytes: limits.messageBytes });
    else if (error.code?.startsWith("WS_ERR_") === true) cut({ kind: "broken-frame", why: error.message });
  });
  const closed = new Promise<LinkEnd>((resolve) => {
    webSocket.once("close", (code, reason) => {
      cancelTimer();
      why ??= { kind: "disconnected", code, reason: reason.toString("utf8") };
      resolve(why);
    });
  });

  return {
    kind: "websocket",
    send(text) {
      if (isCut || webSocket.readyState !== webSocket.OPEN) return;
      webSocket.send(text, () => {});
      if (webSocket.bufferedAmount > limits.unreadBytes)
        cut({ kind: "not-read", unreadBytes: webSocket.bufferedAmount });
    },
    onMessage(to) {
      receiver = to;
      webSocket.resume();
    },
    closed,
    async close() {
      if (why === undefined) {
        why = { kind: "closed" };
        webSocket.resume();
        webSocket.close(1000);
        cancelTimer = clock.after(CLOSE_PATIENCE_MS, () => webSocket.terminate());
      }
      return await closed;
    },
    log: () => [],
  };
}

/** The host name of a URL as URLs write it; IPv6 addresses without their brackets. */
function hostName(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : undefined;
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Compares in constant time, so that a path cannot be guessed character by character. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
