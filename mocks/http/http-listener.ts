import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { messageOf, TargetError, UsageError } from "../../harness/errors.ts";
import { describeTlsError } from "./describe-tls-error.ts";
import { http1Server } from "./http1-server.ts";
import { serveHttp2 } from "./http2-connection.ts";
import type { HttpListener, HttpListenerOptions } from "./http-listener-options.ts";
import type { ListenerContext, SecureConnection } from "./listener-context.ts";
import { localPairs } from "./local-pairs.ts";
import { peerCertificateOf } from "./peer-certificate.ts";
import { signalPool } from "./signal-pool.ts";

/**
 * Starts an HTTP server over TLS 1.2 or later for a simulated push service: HTTP/2 by ALPN, and HTTP/1.1 where the options ask
 * for it. Client certificates are judged by the service, not by TLS. An answer has the fields the service gives it and no
 * others; over HTTP/1.1 `content-length`, `date` and `connection` besides. Throws a UsageError where it cannot listen.
 */
export async function startHttpListener(options: HttpListenerOptions): Promise<HttpListener> {
  const { bind, port, authority, clock, limits } = options;
  const certificate = await authority.issueServer([
    ...new Set(["localhost", "127.0.0.1", "::1", bind, ...options.names]),
  ]);
  const server = createServer({
    cert: certificate.certPem,
    key: certificate.keyPem,
    ca: authority.caPem,
    requestCert: options.asksForCertificate,
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: [...options.protocols],
    noDelay: true,
  });
  server.maxConnections = limits.connections;

  let closing = false;
  let connections = 0;
  /** By the id of the connection: what destroys it. */
  const destroyers = new Map<string, () => void>();
  const context: ListenerContext = {
    options,
    signals: signalPool(),
    isClosing: () => closing,
    tell: (event) => {
      if (event.kind === "closed") destroyers.delete(event.connection.id);
      if (!closing) options.onConnection(event);
    },
    answered: (request, answer, outcome) => {
      if (!closing) options.onAnswered(request, answer, outcome);
    },
  };
  const serveHttp1 = http1Server(context);
  const pairs = await localPairs();
  const sockets = new Set<Socket>();
  /** By the other end's address: what ends the watch over a handshake that is under way. */
  const handshakes = new Map<string, () => void>();
  const nextId = () => `${options.prefix}-${++connections}`;
  const refused = (why: string) => context.tell({ kind: "failed", connectionId: nextId(), why });

  server.on("connection", (socket: Socket) => {
    const peer = peerOf(socket);
    // The error becomes that of the handshake.
    const cancel = clock.after(limits.handshakeMs, () =>
      socket.destroy(new TargetError("tls-handshake", "the handshake was not complete in time")),
    );
    sockets.add(socket);
    handshakes.set(peer, cancel);
    socket.on("error", ignore);
    socket.once("close", () => {
      sockets.delete(socket);
      cancel();
      if (handshakes.get(peer) === cancel) handshakes.delete(peer);
    });
  });
  server.on("drop", () => refused(`more than ${limits.connections} connections`));
  server.on("tlsClientError", (error) => refused(`TLS: ${describeTlsError(error, options.protocols)}`));
  server.on("secureConnection", (socket: TLSSocket) => {
    handshakes.get(peerOf(socket))?.();
    const serve = servingFor(socket);
    if (serve === undefined) {
      refused(`TLS: the client did not offer ${options.protocols.join(" or ")} by ALPN`);
      socket.on("error", ignore);
      socket.destroy();
      return;
    }
    const peerCertificate = peerCertificateOf(socket);
    serve({
      id: nextId(),
      socket,
      remote: peerOf(socket),
      tlsVersion: socket.getProtocol() ?? "unknown",
      openedAtMs: clock.now(),
      ...(peerCertificate === undefined ? {} : { peerCertificate }),
    });
  });

  function servingFor(socket: TLSSocket): ((secure: SecureConnection) => void) | undefined {
    if (socket.alpnProtocol === "h2") return (secure) => void beginHttp2(secure);
    if (socket.alpnProtocol === "http/1.1" || options.withoutAlpn === "http/1.1") return beginHttp1;
    return undefined;
  }

  function beginHttp1(secure: SecureConnection): void {
    begun(secure, serveHttp1(secure));
  }

  async function beginHttp2(secure: SecureConnection): Promise<void> {
    const { id, socket } = secure;
    socket.on("error", ignore);
    const pair = await pairs.take().catch((error: unknown) => {
      context.tell({ kind: "failed", connectionId: id, why: `HTTP/2: ${messageOf(error)}` });
      socket.destroy();
    });
    if (pair !== undefined && !closing) begun(secure, serveHttp2(secure, pair, context));
  }

  function begun({ id, socket }: SecureConnection, destroy: () => void): void {
    if (!socket.destroyed) destroyers.set(id, destroy);
  }

  await new Promise<void>((resolve, reject) => {
    server.on("error", (error) => {
      const message = `${options.portField}: ${options.title} cannot listen on ${bind} port ${port} (${messageOf(error)}).`;
      reject(new UsageError(`${options.prefix}-cannot-listen`, message, { cause: error }));
    });
    server.listen(port, bind, resolve);
  }).catch(async (error: unknown) => {
    await pairs.close();
    throw error;
  });
  return {
    host: bind,
    port: (server.address() as AddressInfo).port,
    async close() {
      closing = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const destroy of destroyers.values()) destroy();
      // Those still in their handshake.
      for (const cancel of handshakes.values()) cancel();
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, pairs.close()]);
    },
  };
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress ?? "gone"}:${socket.remotePort ?? 0}`;
}

function ignore(): void {}
