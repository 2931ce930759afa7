import { connect } from "node:http2";
import type {
  ClientHttp2Session,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
} from "node:http2";
import { HarnessFault } from "../../../harness/errors.ts";
import type { ConnectionEvent } from "../../../harness/trace/trace-event.ts";
import { createTestAuthority } from "../../tls/test-authority.ts";
import type { IssuedCertificate, TestAuthority } from "../../tls/test-authority.ts";
import { createApnsCredentials } from "../apns-credentials.ts";
import type { ApnsCredentials } from "../apns-credentials.ts";
import { startApnsServer } from "../apns-server.ts";
import type { ApnsServer, ApnsServerOptions, PushDecision, PushOutcome, ReceivedPush } from "../apns-server.ts";
import type { PushFinding } from "../../push/push-hooks.ts";
import { manualClock } from "../../../harness/clock/testing/manual-clock.ts";
import type { ManualClock } from "../../../harness/clock/testing/manual-clock.ts";
import { signProviderToken } from "./provider-token-fixture.ts";
import { watch } from "../../push/testing/watch.ts";

export const TOPIC = "com.example.phone.voip";
export const TOKEN = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";
export const REPLACED_TOKEN = "aa".repeat(32);

/** A running server with all it told its world, and clients for it. */
export interface ApnsBench {
  readonly server: ApnsServer;
  readonly clock: ManualClock;
  readonly authority: TestAuthority;
  readonly credentials: ApnsCredentials;
  readonly connections: readonly ConnectionEvent[];
  /** What connections did wrong. */
  readonly findings: readonly PushFinding[];
  readonly pushes: readonly ReceivedPush[];
  readonly outcomes: readonly PushOutcome[];
  /** Resolves when the condition holds, looked at whenever the server calls a hook; rejects after 5 s. */
  until(what: string, condition: () => boolean): Promise<void>;
  /** A provider token as good as they come, issued now. */
  providerToken(): string;
  connect(certificate?: IssuedCertificate): ClientHttp2Session;
  close(): Promise<void>;
}

export interface PushAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; undefined where it is empty. */
  readonly body: unknown;
}

export async function startApnsBench(
  decide: (push: ReceivedPush) => PushDecision = () => ({ kind: "by-rules", answerDelayMs: 0 }),
  more: Partial<ApnsServerOptions> | { readonly topic: undefined } = {},
): Promise<ApnsBench> {
  const [authority, credentials] = [await createTestAuthority(), createApnsCredentials()];
  const clock = manualClock(Date.now());
  const connections: ConnectionEvent[] = [];
  const findings: PushFinding[] = [];
  const pushes: ReceivedPush[] = [];
  const outcomes: PushOutcome[] = [];
  const clients: ClientHttp2Session[] = [];
  const { told, until } = watch();
  const { topic, ...options } = { topic: TOPIC, ...more };
  const server = await startApnsServer({
    bind: "127.0.0.1",
    clock,
    authority,
    ...(topic === undefined ? {} : { topic }),
    credentials,
    expirationMaxS: 30,
    lookUpToken: (token) => ({
      state: token === TOKEN ? "current" : token === REPLACED_TOKEN ? "replaced" : "unknown",
    }),
    hooks: {
      onRequest: (push) => {
        pushes.push(push);
        const decision = decide(push);
        queueMicrotask(told);
        return decision;
      },
      onResponded: (_push, outcome) => {
        outcomes.push(outcome);
        told();
      },
      onConnection: (event) => {
        connections.push(event);
        told();
      },
      onConnectionFinding: (_connection, finding) => {
        findings.push(finding);
        told();
      },
    },
    ...options,
  });
  return {
    server,
    clock,
    authority,
    credentials,
    connections,
    findings,
    pushes,
    outcomes,
    until,
    providerToken() {
      return signProviderToken(credentials, Math.floor(clock.epochMs / 1000));
    },
    connect(certificate) {
      const session = connect(server.url, {
        ca: authority.caPem,
        ...(certificate === undefined ? {} : { cert: certificate.certPem, key: certificate.keyPem }),
      });
      session.on("error", () => {});
      clients.push(session);
      return session;
    },
    async close() {
      for (const session of clients) session.destroy();
      await server.close();
    },
  };
}

/** Headers of a push that breaks no rule. */
export function goodHeaders(bench: ApnsBench): OutgoingHttpHeaders {
  return {
    ":method": "POST",
    ":path": `/3/device/${TOKEN}`,
    authorization: `bearer ${bench.providerToken()}`,
    "apns-topic": TOPIC,
    "apns-push-type": "voip",
    "apns-expiration": "0",
  };
}

/** Sends one push and reads the whole answer; rejects when the stream ends without one. */
export async function send(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string | Uint8Array = '{"callId":"1"}',
): Promise<PushAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: false });
    let answer: (IncomingHttpHeaders & IncomingHttpStatusHeader) | undefined;
    let text = "";
    stream.setEncoding("utf8");
    stream.on("response", (received) => (answer = received));
    stream.on("data", (chunk: string) => (text += chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      if (answer === undefined) reject(new HarnessFault("test-no-answer", `stream closed with code ${stream.rstCode}`));
      else
        resolve({ status: answer[":status"] ?? 0, headers: answer, body: text === "" ? undefined : JSON.parse(text) });
    });
    stream.end(body);
  });
}
