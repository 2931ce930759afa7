import { connect } from "node:http2";
import type { ClientHttp2Session, OutgoingHttpHeaders } from "node:http2";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { manualClock } from "../../../harness/clock/testing/manual-clock.ts";
import type { ManualClock } from "../../../harness/clock/testing/manual-clock.ts";
import { HarnessFault } from "../../../harness/errors.ts";
import { createTestAuthority } from "../../tls/test-authority.ts";
import type { IssuedCertificate, TestAuthority } from "../../tls/test-authority.ts";
import type { HttpAnswer, HttpHandler, HttpOutcome, HttpRequest } from "../http-exchange.ts";
import { startHttpListener } from "../http-listener.ts";
import { watch } from "../../push/testing/watch.ts";
import type {
  HttpLimits,
  HttpListener,
  HttpListenerOptions,
  ListenerConnectionEvent,
} from "../http-listener-options.ts";

export const LIMITS: HttpLimits = {
  connections: 64,
  handshakeMs: 5000,
  bodyBytes: 65_536,
  requestMs: 10_000,
  pingsPerMinute: 10,
};

/** A running listener with all it told, and clients for it. */
export interface HttpBench {
  readonly listener: HttpListener;
  readonly url: string;
  readonly clock: ManualClock;
  readonly authority: TestAuthority;
  readonly events: readonly ListenerConnectionEvent[];
  readonly requests: readonly HttpRequest[];
  readonly answered: readonly (readonly [HttpRequest, HttpAnswer, HttpOutcome])[];
  /** Why things failed, in words. */
  failures(): readonly string[];
  /** Resolves when the condition holds, looked at whenever the listener tells anything; rejects after 5 s. */
  until(what: string, condition: () => boolean): Promise<void>;
  connect(certificate?: IssuedCertificate): ClientHttp2Session;
  /** A TLS client that keeps to no protocol; resolves once its handshake is over. */
  connectRaw(more?: ConnectionOptions & { readonly allowHalfOpen?: boolean }): Promise<TLSSocket>;
  close(): Promise<void>;
}

export interface StreamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export const ok: HttpHandler = () => ({ kind: "respond", status: 200, headers: [["x-answer", "yes"]] });

/** The authority is shared by a file of tests: making one takes a while. */
let authority: Promise<TestAuthority> | undefined;

export async function startHttpBench(
  handler: HttpHandler = ok,
  more: Partial<HttpListenerOptions> = {},
): Promise<HttpBench> {
  authority ??= createTestAuthority();
  const testAuthority = await authority;
  const clock = manualClock(1_700_000_000_000);
  const events: ListenerConnectionEvent[] = [];
  const requests: HttpRequest[] = [];
  const answered: (readonly [HttpRequest, HttpAnswer, HttpOutcome])[] = [];
  const clients: { destroy(): void }[] = [];
  const { told, until } = watch();
  const listener = await startHttpListener({
    bind: "127.0.0.1",
    port: 0,
    portField: "world.ports.test",
    title: "the simulated service",
    prefix: "test",
    clock,
    authority: testAuthority,
    names: [],
    protocols: ["h2", "http/1.1"],
    withoutAlpn: "refuse",
    asksForCertificate: true,
    settings: {
      headerTableSize: 4096,
      maxConcurrentStreams: () => 100,
      initialWindowSize: 65_535,
      maxFrameSize: 16_384,
      maxHeaderListSize: 8000,
    },
    limits: LIMITS,
    neverIndexed: [":path", "authorization"],
    indexedOnce: ["apns-id"],
    handler: (request, signal) => {
      requests.push(request);
      queueMicrotask(told);
      return handler(request, signal);
    },
    onAnswered: (...answer) => {
      answered.push(answer);
      told();
    },
    onConnection: (event) => {
      events.push(event);
      told();
    },
    ...more,
  });
  return {
    listener,
    url: `https://127.0.0.1:${listener.port}`,
    clock,
    authority: testAuthority,
    events,
    requests,
    answered,
    failures: () => events.flatMap((event) => (event.kind === "failed" ? [event.why] : [])),
    until,
    connect(certificate) {
      const session = connect(`https://127.0.0.1:${listener.port}`, {
        ca: testAuthority.caPem,
        ...(certificate === undefined ? {} : { cert: certificate.certPem, key: certificate.keyPem }),
      });
      session.on("error", () => {});
      clients.push(session);
      return session;
    },
    async connectRaw(options = {}) {
      return new Promise((resolve, reject) => {
        const socket = connectTls({
          host: "127.0.0.1",
          port: listener.port,
          ca: testAuthority.caPem,
          ALPNProtocols: ["h2"],
          ...options,
        });
        clients.push(socket);
        socket.once("secureConnect", () => resolve(socket));
        socket.on("error", reject);
      });
    },
    async close() {
      for (const client of clients) client.destroy();
      await listener.close();
    },
  };
}

/** Sends one request and reads the whole answer; rejects when the stream ends without one. */
export async function send(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
  body: string | Uint8Array = "{}",
): Promise<StreamAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":method": "POST", ":path": "/push", ...headers }, { endStream: false });
    let answer: Readonly<Record<string, unknown>> | undefined;
    let text = "";
    stream.setEncoding("utf8");
    stream.on("response", (received) => (answer = received));
    stream.on("data", (chunk: string) => (text += chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      if (answer === undefined) reject(new HarnessFault("test-no-answer", `stream closed with code ${stream.rstCode}`));
      else resolve({ status: Number(answer[":status"]), headers: answer, body: text });
    });
    stream.end(body);
  });
}
