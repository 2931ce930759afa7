import { createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf, UsageError } from "../../harness/errors.ts";
import type { ConnectionEvent } from "../../harness/trace/trace-event.ts";
import type { TestAuthority } from "../tls/test-authority.ts";
import { serveApnsConnection } from "./apns-connection.ts";
import type { ApnsService } from "./apns-connection.ts";
import type { ApnsCredentials } from "./apns-credentials.ts";
import type { ApnsHooks } from "./apns-hooks.ts";
import type { TokenDirectory } from "./apns-request.ts";
import { createProviderTokenReader } from "./provider-token.ts";

export type { ApnsHooks, PushDecision, PushOutcome, ReceivedPush } from "./apns-hooks.ts";

const MAX_CONNECTIONS = 256;
const HANDSHAKE_MS = 10_000;
/** Apple, "Sending notification requests to APNs", Establish a connection to APNs. */
const APPLE_NAMES = ["api.push.apple.com", "api.sandbox.push.apple.com"];

export interface ApnsServerOptions {
  /** Address to listen on, e.g. `127.0.0.1`. */
  readonly bind: string;
  /** @default 0, any free port */
  readonly port?: number;
  readonly clock: Clock;
  readonly authority: TestAuthority;
  /** Further names of the server certificate beside `localhost`, `bind` and Apple's own. */
  readonly names?: readonly string[];
  /** The topic pushes must have: `<bundle id>.voip`. */
  readonly topic: string;
  readonly credentials: Pick<ApnsCredentials, "teamId" | "keyId" | "publicKey">;
  /** How far ahead `apns-expiration` may lie (`profile.limits.apnsExpirationMaxS`). */
  readonly expirationMaxS: number;
  /** Answers 429 to a provider token refreshed within 20 minutes, as Apple does. @default false, only noted */
  readonly strictRefresh?: boolean;
  readonly lookUpToken: TokenDirectory;
  readonly hooks: ApnsHooks;
}

/** A listening simulated APNs. */
export interface ApnsServer {
  /** `https://<bind>:<port>` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Destroys every connection and stops listening; resolves when nothing is left. No hook is called afterwards. */
  close(): Promise<void>;
}

/**
 * Starts a simulated APNs: HTTP/2 over TLS 1.2 or later, ALPN `h2` only (Apple, "Sending notification requests to APNs").
 * Client certificates are asked for and judged by the rules, not by TLS. Throws a UsageError where it cannot listen.
 */
export async function startApnsServer(options: ApnsServerOptions): Promise<ApnsServer> {
  const { bind, authority } = options;
  const names = [...new Set(["localhost", "127.0.0.1", "::1", bind, ...APPLE_NAMES, ...(options.names ?? [])])];
  const certificate = await authority.issueServer(names);
  const server = createServer({
    cert: certificate.certPem,
    key: certificate.keyPem,
    ca: authority.caPem,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["h2"],
    handshakeTimeout: HANDSHAKE_MS,
  });
  server.maxConnections = MAX_CONNECTIONS;

  const sockets = new Set<Socket>();
  const destroyers = new Set<() => void>();
  let [connections, pushes] = [0, 0];
  let closing = false;
  const hooks: ApnsHooks = {
    onRequest: options.hooks.onRequest,
    onResponded: (push, outcome) => {
      if (!closing) options.hooks.onResponded(push, outcome);
    },
    onConnection: (event) => {
      if (!closing) options.hooks.onConnection(event);
    },
  };
  const service: ApnsService = {
    clock: options.clock,
    hooks,
    context: {
      topic: options.topic,
      teamId: options.credentials.teamId,
      keyId: options.credentials.keyId,
      expirationMaxS: options.expirationMaxS,
      strictRefresh: options.strictRefresh ?? false,
      lookUpToken: options.lookUpToken,
    },
    readProviderToken: createProviderTokenReader(options.credentials.publicKey),
    nextPush: () => `apns-push-${++pushes}`,
    isClosing: () => closing,
  };
  const nextConnection = () => `apns-${++connections}`;

  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("drop", () => hooks.onConnection(failed(nextConnection(), `more than ${MAX_CONNECTIONS} connections`)));
  server.on("tlsClientError", (error) => hooks.onConnection(failed(nextConnection(), `TLS: ${messageOf(error)}`)));
  server.on("secureConnection", (socket: TLSSocket) => {
    if (socket.alpnProtocol === "h2") {
      const destroy = serveApnsConnection(socket, nextConnection(), service);
      destroyers.add(destroy);
      socket.once("close", () => destroyers.delete(destroy));
      return;
    }
    hooks.onConnection(failed(nextConnection(), "TLS: the client did not offer h2 by ALPN"));
    socket.destroy();
  });

  await new Promise<void>((resolve, reject) => {
    server.on("error", (error) => {
      const field = options.port === undefined ? "world.bind" : "world.ports.apns";
      const message = `${field}: the simulated APNs cannot listen on ${bind} port ${options.port ?? 0} (${messageOf(error)}).`;
      reject(new UsageError("apns-cannot-listen", message, { cause: error }));
    });
    server.listen(options.port ?? 0, bind, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://${bind.includes(":") ? `[${bind}]` : bind}:${port}`,
    host: bind,
    port,
    async close() {
      closing = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const destroy of destroyers) destroy();
      // Those still in their handshake.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function failed(connection: string, why: string): ConnectionEvent {
  return { kind: "connection.failed", service: "apns", connection, why };
}
