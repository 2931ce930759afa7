import { constants, performServerHandshake } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Stream, Settings } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf } from "../../harness/errors.ts";
import { answerPush } from "./answer-push.ts";
import type { ApnsHooks } from "./apns-hooks.ts";
import { headerFields, receivedPush } from "./received-push.ts";
import type { ApnsContext, SeenProviderToken } from "./apns-request.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import { watchConnection } from "./connection-watch.ts";
import { issuedAtOf } from "./provider-token.ts";
import type { ProviderTokenReader, ProviderTokenReading } from "./provider-token.ts";
import { collectBody } from "./request-body.ts";

/** What every connection of a server shares. */
export interface ApnsService {
  readonly clock: Clock;
  readonly hooks: ApnsHooks;
  readonly context: Omit<ApnsContext, "nowMs">;
  readonly readProviderToken: ProviderTokenReader;
  readonly nextPush: () => string;
  /** True once the server is closing: no hook is called any more. */
  readonly isClosing: () => boolean;
}

/**
 * The five settings APNs is seen to send. Towards a connection without a client certificate the real one starts with one
 * concurrent stream until a provider token was accepted; clients in use break on that when they start with a burst.
 */
const SETTINGS: Settings = {
  headerTableSize: 4096,
  maxConcurrentStreams: 1000,
  initialWindowSize: 65_535,
  maxFrameSize: 16_384,
  maxHeaderListSize: 8000,
};
const MAX_BODY_BYTES = 65_536;
/** How long a request may take until it is complete. */
const REQUEST_DEADLINE_MS = 10_000;

/** Speaks HTTP/2 over a TLS connection until it closes; returns what closes it at once. */
export function serveApnsConnection(socket: TLSSocket, id: string, service: ApnsService): () => void {
  const { clock, hooks } = service;
  const clientCertificate = clientCertificateOf(socket);
  const connection = {
    id,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    providerTokens: [] as SeenProviderToken[],
  };
  const fingerprints = new Set<string>();
  hooks.onConnection({
    kind: "connection.opened",
    service: "apns",
    connection: id,
    remote: `${socket.remoteAddress ?? "gone"}:${socket.remotePort ?? 0}`,
    tlsVersion: socket.getProtocol() ?? "unknown",
    alpn: "h2",
    ...(clientCertificate === undefined
      ? {}
      : { clientCertificate: { subject: clientCertificate.subject, accepted: clientCertificate.accepted } }),
  });

  const session = performServerHandshake(socket, { settings: SETTINGS });
  let closedBecause = "the client closed the connection";
  const fail = (why: string) => {
    closedBecause = why;
    hooks.onConnection({ kind: "connection.failed", service: "apns", connection: id, why });
  };
  const endWatch = watchConnection(session, clock, () => {
    fail("HTTP/2: no PING was acknowledged");
    destroy();
  });
  function destroy(): void {
    endWatch();
    session.destroy();
    socket.destroy();
  }
  session.on("error", (error) => fail(`HTTP/2: ${messageOf(error)}`));
  session.on("goaway", (code) => (closedBecause = `the client sent GOAWAY ${code}`));
  session.once("close", () => {
    endWatch();
    hooks.onConnection({ kind: "connection.closed", service: "apns", connection: id, why: closedBecause });
  });
  session.on(
    "stream",
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
      // What goes wrong on a stream shows as its end; Node also raises it as an error, which nobody needs.
      stream.on("error", () => {});
      void serveStream(stream, headers, rawHeaders);
    },
  );

  return destroy;

  async function serveStream(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
  ): Promise<void> {
    const body = await collectBody(stream, { maxBytes: MAX_BODY_BYTES, deadlineMs: REQUEST_DEADLINE_MS, clock });
    const receivedAtMs = clock.now();
    if (body.kind === "stalled") {
      fail(`HTTP/2: the request on stream ${stream.id ?? 0} was not complete in time`);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    if (body.kind === "stalled" || body.kind === "gone") return;
    const providerToken = await service.readProviderToken(headers.authorization);
    if (service.isClosing()) return;
    noteProviderToken(providerToken);
    const request = {
      method: headers[":method"] ?? "",
      path: headers[":path"] ?? "",
      headers: headerFields(rawHeaders),
      body: body.bytes,
      providerToken,
      connection,
    };
    const context = { ...service.context, nowMs: clock.epochMs + receivedAtMs };
    const push = receivedPush(service.nextPush(), request, context, receivedAtMs);
    const decision = await hooks.onRequest(push);
    hooks.onResponded(push, await answerPush(stream, push, decision, clock));
  }

  /** Keeps and reports a provider token that is new to the connection; beside a client certificate APNs ignores it. */
  function noteProviderToken(reading: ProviderTokenReading): void {
    if (reading.kind === "none" || clientCertificate !== undefined || fingerprints.has(reading.fingerprint)) return;
    const { fingerprint } = reading;
    const issuedAtS = issuedAtOf(reading);
    const issued = issuedAtS === undefined ? {} : { issuedAtS };
    fingerprints.add(fingerprint);
    connection.providerTokens.push({ fingerprint, ...issued, firstSeenMs: clock.epochMs + clock.now() });
    hooks.onConnection({ kind: "connection.provider-token", service: "apns", connection: id, fingerprint, ...issued });
  }
}
