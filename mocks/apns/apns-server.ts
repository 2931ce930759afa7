import type { Clock } from "../../harness/clock/clock.ts";
import { startHttpListener } from "../http/http-listener.ts";
import type { HttpConnection } from "../http/http-exchange.ts";
import type { HttpLimits, ListenerConnectionEvent } from "../http/http-listener-options.ts";
import type { PushHooks } from "../push/push-hooks.ts";
import type { TestAuthority } from "../tls/test-authority.ts";
import { faultBoard } from "./apns-fault.ts";
import type { InjectedFault } from "./apns-fault.ts";
import type { ApnsReason } from "./apns-reason.ts";
import { apnsService } from "./apns-service.ts";
import type { ApnsServiceOptions } from "./apns-service.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import { initialStreams, openedConnection } from "./connection-state.ts";
import { goAway, servePushes } from "./serve-pushes.ts";
import type { ApnsConnection } from "./serve-pushes.ts";
import { findingOf, indexedOnce, neverIndexed } from "./wire-rules.ts";

export type { PushDecision, PushHooks, PushOutcome, ReceivedPush } from "../push/push-hooks.ts";

/** Apple, "Sending notification requests to APNs", Establish a connection to APNs. */
const APPLE_NAMES = ["api.push.apple.com", "api.sandbox.push.apple.com"];
const LIMITS: HttpLimits = {
  connections: 256,
  handshakeMs: 10_000,
  bodyBytes: 65_536,
  requestMs: 10_000,
  // Apple asks for one after an hour of inactivity.
  pingsPerMinute: 5,
};
/** SETTINGS as APNs is seen to send it: these five and no others. */
const SETTINGS = { headerTableSize: 4096, initialWindowSize: 65_535, maxFrameSize: 16_384, maxHeaderListSize: 8000 };

export interface ApnsServerOptions extends ApnsServiceOptions {
  /** Address to listen on, e.g. `127.0.0.1`. */
  readonly bind: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** What a UsageError names where it cannot listen. @default "world.ports.apns", or "world.bind" without a port */
  readonly portField?: string;
  readonly clock: Clock;
  readonly authority: TestAuthority;
  /** Further names of the server certificate beside `localhost`, `bind` and Apple's own. */
  readonly names?: readonly string[];
  /** How much of a client's misbehaviour is borne. */
  readonly limits?: Partial<HttpLimits>;
  readonly hooks: PushHooks;
}

/** A listening simulated APNs. */
export interface ApnsServer {
  /** `https://<bind>:<port>` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Plays a fault to the pushes that fit, where the world leaves them to the rules; returns what ends it. */
  inject(fault: InjectedFault): () => void;
  /** Sends GOAWAY with this reason on every connection, or on one. */
  goAway(reason: ApnsReason, connection?: string): void;
  /** Destroys every connection and stops listening; resolves when nothing is left. No hook is called afterwards. */
  close(): Promise<void>;
}

/**
 * Starts a simulated APNs of one environment: HTTP/2 over TLS 1.2 or later, ALPN `h2` only (Apple, "Sending notification
 * requests to APNs"). Client certificates are asked for and judged by the rules, not by TLS. Throws a UsageError where it
 * cannot listen.
 */
export async function startApnsServer(options: ApnsServerOptions): Promise<ApnsServer> {
  const { bind, clock, hooks } = options;
  const service = apnsService(options);
  const { profile } = service;
  const faults = faultBoard();
  const connections = new Map<string, ApnsConnection>();
  const serving = servePushes({
    service,
    clock,
    hooks,
    faults,
    connectionOf: (http) => connections.get(http.id) ?? opened(http),
  });

  const listener = await startHttpListener({
    bind,
    port: options.port ?? 0,
    portField: options.portField ?? (options.port === undefined ? "world.bind" : "world.ports.apns"),
    title: "the simulated APNs",
    prefix: "apns",
    clock,
    authority: options.authority,
    names: [...APPLE_NAMES, ...(options.names ?? [])],
    protocols: ["h2"],
    withoutAlpn: profile.withoutAlpn,
    asksForCertificate: true,
    settings: { ...SETTINGS, maxConcurrentStreams: ({ hasCertificate }) => initialStreams(profile, hasCertificate) },
    limits: { ...LIMITS, ...options.limits },
    neverIndexed,
    indexedOnce,
    handler: serving.answer,
    onAnswered: (request, _answer, outcome) => serving.answered(request, outcome),
    onConnection,
  });

  return {
    url: `https://${bind.includes(":") ? `[${bind}]` : bind}:${listener.port}`,
    host: listener.host,
    port: listener.port,
    inject: faults.inject,
    goAway(reason, only) {
      for (const { http } of connections.values()) if (only === undefined || http.id === only) goAway(http, reason);
    },
    async close() {
      await listener.close();
      for (const { sleep } of connections.values()) sleep();
    },
  };

  function onConnection(event: ListenerConnectionEvent): void {
    switch (event.kind) {
      case "opened":
        opened(event.connection);
        return;
      case "noted":
        hooks.onConnectionFinding?.(event.connection.id, findingOf(event.note));
        return;
      case "failed":
        hooks.onConnection(
          { kind: "connection.failed", service: "apns", connection: event.connectionId, why: event.why },
          [],
        );
        return;
      case "closed":
        connections.get(event.connection.id)?.sleep();
        connections.delete(event.connection.id);
        hooks.onConnection(
          { kind: "connection.closed", service: "apns", connection: event.connection.id, why: event.why },
          [],
        );
    }
  }

  function opened(http: HttpConnection): ApnsConnection {
    const certificate = http.peerCertificate === undefined ? undefined : clientCertificateOf(http.peerCertificate);
    const connection = {
      http,
      state: openedConnection(http.id, profile, certificate),
      ...idleWatch(http, profile.idleMs, clock),
    };
    connections.set(http.id, connection);
    hooks.onConnection(
      {
        kind: "connection.opened",
        service: "apns",
        connection: http.id,
        remote: http.remote,
        tlsVersion: http.tlsVersion,
        alpn: http.protocol,
        ...(certificate === undefined
          ? {}
          : { clientCertificate: { subject: certificate.subject, accepted: certificate.accepted } }),
      },
      [],
    );
    return connection;
  }
}

/** Sends GOAWAY to a connection on which no push came for so long. */
function idleWatch(
  http: HttpConnection,
  idleMs: number | undefined,
  clock: Clock,
): Pick<ApnsConnection, "awake" | "sleep"> {
  let cancel = () => {};
  const awake = () => {
    if (idleMs === undefined) return;
    cancel();
    cancel = clock.after(idleMs, () => goAway(http, "IdleTimeout"));
  };
  awake();
  return { awake, sleep: () => cancel() };
}
