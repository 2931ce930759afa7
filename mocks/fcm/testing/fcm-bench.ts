import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { request as requestHttps, Agent } from "node:https";
import { manualClock } from "../../../harness/clock/testing/manual-clock.ts";
import type { ManualClock } from "../../../harness/clock/testing/manual-clock.ts";
import { HarnessFault } from "../../../harness/errors.ts";
import type { ConnectionEvent } from "../../../harness/trace/trace-event.ts";
import type { PushDecision, PushFinding, PushOutcome, ReceivedPush } from "../../push/push-hooks.ts";
import { createTestAuthority } from "../../tls/test-authority.ts";
import type { TestAuthority } from "../../tls/test-authority.ts";
import { createFcmCredentials } from "../fcm-credentials.ts";
import type { FcmCredentials } from "../fcm-credentials.ts";
import { startFcmServer } from "../fcm-server.ts";
import type { FcmServer, FcmServerOptions } from "../fcm-server.ts";
import { lookUpToken, NOW_MS, PACKAGE, signAssertion } from "./fcm-fixture.ts";
import { watch } from "../../push/testing/watch.ts";

/** A running server with all it told its world, and clients for it. */
export interface FcmBench {
  readonly server: FcmServer;
  readonly clock: ManualClock;
  readonly credentials: FcmCredentials;
  readonly connections: readonly (readonly [ConnectionEvent, readonly PushFinding[]])[];
  readonly pushes: readonly ReceivedPush[];
  readonly outcomes: readonly PushOutcome[];
  /** Resolves when the condition holds, looked at whenever the server calls a hook; rejects after 5 s. */
  until(what: string, condition: () => boolean): Promise<void>;
  /** Sends one request over a connection of that kind, which is kept. */
  send(protocol: "h2" | "http/1.1", request: ClientRequest): Promise<ClientAnswer>;
  /** An access token as OAuth gives it for a good assertion. */
  accessToken(): Promise<string>;
  /** The path messages are sent to. */
  readonly path: string;
  readonly http2: () => ClientHttp2Session;
  close(): Promise<void>;
}

export interface ClientRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ClientAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** The authority is shared by a file of tests: making one takes a while. */
let authority: Promise<TestAuthority> | undefined;

export async function startFcmBench(
  decide: (push: ReceivedPush) => PushDecision | Promise<PushDecision> = () => ({ kind: "by-rules", answerDelayMs: 0 }),
  more: Partial<FcmServerOptions> = {},
): Promise<FcmBench> {
  authority ??= createTestAuthority();
  const testAuthority = await authority;
  const [clock, credentials] = [manualClock(NOW_MS), await createFcmCredentials({ projectId: "ringtrue-test" })];
  const connections: (readonly [ConnectionEvent, readonly PushFinding[]])[] = [];
  const pushes: ReceivedPush[] = [];
  const outcomes: PushOutcome[] = [];
  const { told, until } = watch();
  const server = await startFcmServer({
    bind: "127.0.0.1",
    clock,
    authority: testAuthority,
    credentials,
    packageName: PACKAGE,
    ttlMaxS: 60,
    lookUpToken,
    hooks: {
      onRequest: (push) => {
        pushes.push(push);
        queueMicrotask(told);
        return decide(push);
      },
      onResponded: (_push, outcome) => {
        outcomes.push(outcome);
        told();
      },
      onConnection: (event, findings) => {
        connections.push([event, findings]);
        told();
      },
    },
    ...more,
  });
  const agent = new Agent({ ca: testAuthority.caPem, keepAlive: true, ALPNProtocols: ["http/1.1"] });
  let session: ClientHttp2Session | undefined;
  const http2 = () => {
    session ??= connect(server.url, { ca: testAuthority.caPem }).on("error", () => {});
    return session;
  };
  const send: FcmBench["send"] = async (protocol, request) =>
    protocol === "h2" ? sendHttp2(http2(), request) : sendHttp1(server, agent, request);

  return {
    server,
    clock,
    credentials,
    connections,
    pushes,
    outcomes,
    path: `/v1/projects/${credentials.projectId}/messages:send`,
    http2,
    send,
    until,
    async accessToken() {
      const { body } = await send("http/1.1", {
        path: "/token",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
          assertion: await signAssertion(credentials),
        }).toString(),
      });
      return (JSON.parse(body) as { readonly access_token: string }).access_token;
    },
    async close() {
      session?.destroy();
      agent.destroy();
      await server.close();
    },
  };
}

async function sendHttp2(
  session: ClientHttp2Session,
  { path, method, headers, body }: ClientRequest,
): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":method": method ?? "POST", ":path": path, ...headers }, { endStream: false });
    let [answer, text]: [Omit<ClientAnswer, "body"> | undefined, string] = [undefined, ""];
    stream.setEncoding("utf8");
    stream.on("response", (received) => (answer = { status: received[":status"] ?? 0, headers: received }));
    stream.on("data", (chunk: string) => (text += chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      if (answer === undefined) reject(new HarnessFault("test-no-answer", `stream closed with code ${stream.rstCode}`));
      else resolve({ ...answer, body: text });
    });
    stream.end(body);
  });
}

async function sendHttp1(server: FcmServer, agent: Agent, request: ClientRequest): Promise<ClientAnswer> {
  const { path, method = "POST", headers = {}, body } = request;
  return new Promise((resolve, reject) => {
    const sent = requestHttps({ host: server.host, port: server.port, agent, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
