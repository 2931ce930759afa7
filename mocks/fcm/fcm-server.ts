import type { Clock } from "../../harness/clock/clock.ts";
import type { ConnectionEvent } from "../../harness/trace/trace-event.ts";
import type { HttpLimits, ListenerConnectionEvent } from "../http/http-listener-options.ts";
import { startHttpListener } from "../http/http-listener.ts";
import type { PushHooks } from "../push/push-hooks.ts";
import type { TestAuthority } from "../tls/test-authority.ts";
import { isTokenRequest } from "./judge-token-request.ts";
import { serveMessages } from "./serve-messages.ts";
import type { FcmServiceOptions } from "./serve-messages.ts";

export type { FcmCredentials } from "./fcm-credentials.ts";
export type { FcmProfile } from "./fcm-profile.ts";

export interface FcmServerOptions extends FcmServiceOptions {
  /** Address to listen on, e.g. `127.0.0.1`. */
  readonly bind: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** What a UsageError names where it cannot listen. @default "world.ports.fcm", or "world.bind" without a port */
  readonly portField?: string;
  readonly clock: Clock;
  readonly authority: TestAuthority;
  /** Further names of the server certificate beside `localhost`, `bind` and Google's own. */
  readonly names?: readonly string[];
  readonly hooks: PushHooks;
}

/** The names a client knows Google's services by, for clients whose traffic is redirected here. */
const GOOGLE_NAMES = ["fcm.googleapis.com", "oauth2.googleapis.com", "www.googleapis.com", "accounts.google.com"];
/** firebase-admin counts on 100 streams; the other values are those of Google's front end in public captures. */
const SETTINGS = {
  headerTableSize: 4096,
  maxConcurrentStreams: () => 100,
  initialWindowSize: 1_048_576,
  maxFrameSize: 16_384,
  maxHeaderListSize: 65_536,
};
const LIMITS: HttpLimits = {
  connections: 256,
  handshakeMs: 10_000,
  bodyBytes: 65_536,
  requestMs: 10_000,
  pingsPerMinute: 60,
};
/** A listening simulated FCM with its OAuth token endpoint. */
export interface FcmServer {
  /** `https://<bind>:<port>` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The token endpoint: `<url>/token`. */
  readonly oauthUrl: string;
  /** Destroys every connection and stops listening; resolves when nothing is left. No hook is called afterwards. */
  close(): Promise<void>;
}

/**
 * Starts a simulated FCM HTTP v1 service and OAuth token endpoint on one port: HTTP/2 and HTTP/1.1 over TLS 1.2 or later.
 * Throws a UsageError where it cannot listen.
 */
export async function startFcmServer(options: FcmServerOptions): Promise<FcmServer> {
  const { bind, clock, hooks } = options;
  const serving = serveMessages(options);
  let audiences: readonly string[] = [];

  const listener = await startHttpListener({
    bind,
    port: options.port ?? 0,
    portField: options.portField ?? (options.port === undefined ? "world.bind" : "world.ports.fcm"),
    title: "the simulated FCM",
    prefix: "fcm",
    clock,
    authority: options.authority,
    names: [...GOOGLE_NAMES, ...(options.names ?? [])],
    protocols: ["h2", "http/1.1"],
    withoutAlpn: "http/1.1",
    asksForCertificate: false,
    settings: SETTINGS,
    limits: LIMITS,
    neverIndexed: [],
    indexedOnce: [],
    handler: (request, signal) =>
      isTokenRequest(request.path) ? serving.answerTokenRequest(request, audiences) : serving.answer(request, signal),
    onAnswered: (request, _answer, outcome) => serving.answered(request, outcome),
    onConnection,
  });
  const origin = (host: string) => `https://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  audiences = [...new Set([bind, "localhost", "127.0.0.1", "::1", ...(options.names ?? [])])].map(
    (host) => `${origin(host)}/token`,
  );
  return {
    url: origin(bind),
    host: bind,
    port: listener.port,
    oauthUrl: `${origin(bind)}/token`,
    close: () => listener.close(),
  };

  function onConnection(event: ListenerConnectionEvent): void {
    // What FCM clients do below HTTP semantics is their own affair, but for the scheme, which comes with its request.
    if (event.kind === "noted") return;
    if (event.kind === "closed") serving.closed(event.connection.id);
    hooks.onConnection(connectionEvent(event), []);
  }
}

function connectionEvent(event: Exclude<ListenerConnectionEvent, { readonly kind: "noted" }>): ConnectionEvent {
  if (event.kind === "failed") {
    return { kind: "connection.failed", service: "fcm", connection: event.connectionId, why: event.why };
  }
  const { id: connection, remote, tlsVersion, protocol } = event.connection;
  return event.kind === "opened"
    ? { kind: "connection.opened", service: "fcm", connection, remote, tlsVersion, alpn: protocol }
    : { kind: "connection.closed", service: "fcm", connection, why: event.why };
}
