import { connect, constants } from "node:http2";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { UsageError } from "../../harness/errors.ts";
import { FRAME, frameOf } from "../http/frame.ts";
import { CLIENT_HELLO } from "../http/testing/client-frames.ts";
import { createTestAuthority } from "../tls/test-authority.ts";
import { createApnsCredentials } from "./apns-credentials.ts";
import type { PushDecision } from "./apns-server.ts";
import { goodHeaders, REPLACED_TOKEN, send, startApnsBench, TOKEN, TOPIC } from "./testing/apns-bench.ts";
import type { ApnsBench } from "./testing/apns-bench.ts";
import { signProviderToken } from "./testing/provider-token-fixture.ts";

let bench: ApnsBench;
afterEach(async () => {
  await bench.close();
});

const byScript = (decision: PushDecision) => async () => {
  bench = await startApnsBench(() => decision);
  return send(bench.connect(), goodHeaders(bench));
};

describe("the simulated APNs", () => {
  test("accepts a good push with an empty 200 and an apns-id in upper case", async () => {
    bench = await startApnsBench();
    const answer = await send(bench.connect(), goodHeaders(bench));
    expect(answer).toMatchObject({ status: 200, body: undefined });
    expect(answer.headers["apns-id"]).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    expect(answer.headers["content-type"]).toBeUndefined();
    expect(bench.outcomes).toEqual([{ kind: "response", status: 200, scripted: false }]);
  });

  test("echoes an apns-id", async () => {
    bench = await startApnsBench();
    const id = "123e4567-e89b-12d3-a456-426614174000";
    const answer = await send(bench.connect(), { ...goodHeaders(bench), "apns-id": id });
    expect(answer.headers["apns-id"]).toBe(id);
  });

  test("tells the world all of a push but the provider token", async () => {
    bench = await startApnsBench();
    const headers = goodHeaders(bench);
    await send(bench.connect(), { ...headers, ":path": `/3/device/${TOKEN.toUpperCase()}` }, '{"callId":"7"}');
    const [push] = bench.pushes;
    expect(push).toMatchObject({
      push: "apns-push-1",
      connection: "apns-1",
      method: "POST",
      path: `/3/device/${TOKEN.toUpperCase()}`,
      token: TOKEN,
      findings: [],
      verdictByRules: { status: 200 },
      receivedAtMs: 0,
    });
    expect(Buffer.from(push?.body ?? []).toString()).toBe('{"callId":"7"}');
    const told = Object.fromEntries(push?.headers ?? []);
    expect(told).toMatchObject({ "apns-topic": TOPIC, "apns-push-type": "voip", "apns-expiration": "0" });
    expect(JSON.parse(told["authorization"] ?? "")).toMatchObject({ alg: "ES256", iss: bench.credentials.teamId });
    expect(JSON.stringify(bench.pushes)).not.toContain(String(headers.authorization).slice("bearer ".length));
  });

  test.each([
    ["PUT", { ":method": "PUT" }, 405, "MethodNotAllowed"],
    ["a path without version", { ":path": `/device/${TOKEN}` }, 404, "BadPath"],
    ["no device token", { ":path": "/3/device/" }, 400, "MissingDeviceToken"],
    ["an unknown device token", { ":path": `/3/device/${TOKEN.slice(2)}` }, 400, "BadDeviceToken"],
    ["a provider token that is none", { authorization: "bearer x" }, 403, "InvalidProviderToken"],
    ["no provider token", { authorization: "" }, 403, "MissingProviderToken"],
    ["a topic that is not voip", { "apns-topic": "com.example.phone" }, 400, "DeviceTokenNotForTopic"],
    ["push type alert", { "apns-push-type": "alert" }, 400, "InvalidPushType"],
    ["a priority that is none", { "apns-priority": "0" }, 400, "BadPriority"],
    ["an expiration in words", { "apns-expiration": "never" }, 400, "BadExpirationDate"],
    ["a malformed apns-id", { "apns-id": "1" }, 400, "BadMessageId"],
    ["a long collapse id", { "apns-collapse-id": "c".repeat(65) }, 400, "BadCollapseId"],
  ])("rejects %s", async (_what, change, status, reason) => {
    bench = await startApnsBench();
    const answer = await send(bench.connect(), { ...goodHeaders(bench), ...change });
    expect(answer).toMatchObject({ status, body: { reason } });
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.headers["apns-id"]).toMatch(/^[0-9A-F-]{36}$/);
    expect(bench.pushes[0]?.findings).toHaveLength(1);
    expect(bench.outcomes).toEqual([{ kind: "response", status, reason, scripted: false }]);
  });

  test("rejects a repeated header, which Node joins into one", async () => {
    bench = await startApnsBench();
    const answer = await send(bench.connect(), { ...goodHeaders(bench), "apns-topic": [TOPIC, TOPIC] });
    expect(answer).toMatchObject({ status: 400, body: { reason: "DuplicateHeaders" } });
    expect(bench.pushes[0]?.headers.filter(([name]) => name === "apns-topic")).toHaveLength(2);
  });

  test.each([
    ["PayloadEmpty", 400, ""],
    ["PayloadTooLarge", 413, `{"a":"${"x".repeat(6000)}"}`],
  ])("rejects a body with %s", async (reason, status, body) => {
    bench = await startApnsBench();
    expect(await send(bench.connect(), goodHeaders(bench), body)).toMatchObject({ status, body: { reason } });
  });

  test("rejects provider tokens of another key, too old or too new", async () => {
    bench = await startApnsBench();
    const nowS = Math.floor(bench.clock.epochMs / 1000);
    const { credentials } = bench;
    const session = bench.connect();
    const answerTo = async (token: string) =>
      (await send(session, { ...goodHeaders(bench), authorization: `bearer ${token}` })).body;
    const { p8Pem } = createApnsCredentials();
    expect(await answerTo(signProviderToken(credentials, nowS, { p8Pem }))).toEqual({
      reason: "InvalidProviderToken",
    });
    expect(await answerTo(signProviderToken(credentials, nowS - 3700))).toEqual({
      reason: "ExpiredProviderToken",
    });
    expect(await answerTo(signProviderToken(credentials, nowS + 3700))).toEqual({
      reason: "InvalidProviderToken",
    });
  });

  test("reports each new provider token of a connection, and rejects a refresh only when strict", async () => {
    for (const strictRefresh of [false, true]) {
      bench = await startApnsBench(undefined, { profile: { refresh: strictRefresh ? "strict" : "noted" } });
      const nowS = Math.floor(bench.clock.epochMs / 1000);
      const session = bench.connect();
      const statuses: number[] = [];
      for (const issuedAtS of [nowS - 2, nowS - 1, nowS]) {
        const authorization = `bearer ${signProviderToken(bench.credentials, issuedAtS)}`;
        const headers = { ...goodHeaders(bench), authorization };
        statuses.push((await send(session, headers)).status, (await send(session, headers)).status);
      }
      expect(statuses).toEqual(strictRefresh ? [200, 200, 429, 429, 429, 429] : [200, 200, 200, 200, 200, 200]);
      const noted = bench.connections.filter(({ kind }) => kind === "connection.provider-token");
      expect(noted).toEqual(
        [nowS - 2, nowS - 1, nowS].map((issuedAtS) => ({
          kind: "connection.provider-token",
          service: "apns",
          connection: "apns-1",
          fingerprint: expect.any(String),
          issuedAtS,
        })),
      );
      await bench.close();
    }
  });

  test("accepts a replaced token", async () => {
    bench = await startApnsBench();
    const headers = { ...goodHeaders(bench), ":path": `/3/device/${REPLACED_TOKEN}` };
    expect(await send(bench.connect(), headers)).toMatchObject({ status: 200 });
  });

  test("takes a client certificate in place of a provider token", async () => {
    bench = await startApnsBench();
    const session = bench.connect(await bench.authority.issueClient({ bundleId: "com.example.phone" }));
    const { authorization: _none, ...headers } = goodHeaders(bench);
    expect(await send(session, headers)).toMatchObject({ status: 200 });
    expect(bench.connections[0]).toMatchObject({
      kind: "connection.opened",
      clientCertificate: { subject: expect.stringContaining("UID=com.example.phone"), accepted: true },
    });
    expect(bench.connections).toHaveLength(1);
  });

  test("rejects the certificate of another authority and of another app", async () => {
    bench = await startApnsBench();
    const foreign = await (await createTestAuthority()).issueClient({ bundleId: "com.example.phone" });
    const otherApp = await bench.authority.issueClient({ bundleId: "com.example.other" });
    const headers = goodHeaders(bench);
    expect(await send(bench.connect(foreign), headers)).toMatchObject({
      status: 403,
      body: { reason: "BadCertificate" },
    });
    expect(await send(bench.connect(otherApp), headers)).toMatchObject({
      status: 400,
      body: { reason: "TopicDisallowed" },
    });
  });

  test("answers 410 with the timestamp the world asks for", async () => {
    const answer = await byScript({
      kind: "status",
      status: 410,
      reason: "Unregistered",
      timestampMs: 1_700_000_000_000,
      answerDelayMs: 0,
    })();
    expect(answer).toMatchObject({ status: 410, body: { reason: "Unregistered", timestamp: 1_700_000_000_000 } });
    expect(bench.outcomes).toEqual([
      { kind: "response", status: 410, reason: "Unregistered", timestampMs: 1_700_000_000_000, scripted: true },
    ]);
  });

  test("gives a timestamp with no other status", async () => {
    const answer = await byScript({
      kind: "status",
      status: 503,
      reason: "ServiceUnavailable",
      timestampMs: 1,
      answerDelayMs: 0,
    })();
    expect(answer).toMatchObject({ status: 503, body: { reason: "ServiceUnavailable" } });
    expect(answer.body).not.toHaveProperty("timestamp");
  });

  test("resets the stream on request and keeps the connection", async () => {
    let resets = 1;
    bench = await startApnsBench(() => ({ kind: resets-- > 0 ? "reset" : "by-rules", answerDelayMs: 0 }));
    const session = bench.connect();
    await expect(send(session, goodHeaders(bench))).rejects.toThrow("NGHTTP2_INTERNAL_ERROR");
    expect(await send(session, goodHeaders(bench))).toMatchObject({ status: 200 });
    expect(bench.outcomes.map(({ kind }) => kind)).toEqual(["reset", "response"]);
  });

  test("holds an answer back for as long as the world asks", async () => {
    bench = await startApnsBench(() => ({ kind: "by-rules", answerDelayMs: 500 }));
    const answer = send(bench.connect(), goodHeaders(bench));
    await bench.until("the push", () => bench.pushes.length === 1);
    bench.clock.advance(499);
    expect(bench.outcomes).toEqual([]);
    bench.clock.advance(1);
    expect(await answer).toMatchObject({ status: 200 });
  });

  test("tells of a push whose sender left before the answer", async () => {
    bench = await startApnsBench(() => ({ kind: "by-rules", answerDelayMs: 500 }));
    const stream = bench.connect().request(goodHeaders(bench));
    stream.on("error", () => {});
    stream.end("{}");
    await bench.until("the push", () => bench.pushes.length === 1);
    stream.close(constants.NGHTTP2_CANCEL);
    await bench.until("its outcome", () => bench.outcomes.length === 1);
    expect(bench.outcomes).toEqual([{ kind: "abandoned" }]);
  });

  test("tells when connections open and close", async () => {
    bench = await startApnsBench();
    const session = bench.connect();
    await send(session, goodHeaders(bench));
    session.close();
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
    expect(bench.connections.map(({ kind }) => kind)).toEqual([
      "connection.opened",
      "connection.provider-token",
      "connection.closed",
    ]);
    expect(bench.connections[0]).toMatchObject({
      connection: "apns-1",
      remote: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      tlsVersion: "TLSv1.3",
      alpn: "h2",
    });
  });

  test("finds on a connection what APNs bears with: priorities and many PINGs", async () => {
    bench = await startApnsBench();
    const session = bench.connect();
    expect(await send(session, goodHeaders(bench))).toMatchObject({ status: 200 });
    expect(bench.findings).toEqual([]);
    // Newer versions of Node send no priorities: written by hand, as other clients do.
    const raw = connectTls({
      port: bench.server.port,
      host: "127.0.0.1",
      ca: bench.authority.caPem,
      ALPNProtocols: ["h2"],
      servername: "localhost",
    });
    raw.write(Buffer.concat([CLIENT_HELLO, frameOf(FRAME.priority, 0, 3, Buffer.from([0, 0, 0, 0, 200]))]));
    await bench.until("the priority", () => bench.findings.length === 1);
    raw.destroy();
    for (let count = 0; count < 8; count++) {
      await new Promise<void>((resolve) => {
        session.ping(() => resolve());
      });
    }
    await bench.until("the PINGs", () => bench.findings.length === 2);
    expect(bench.findings.map(({ rule, mismatch }) => [rule, mismatch])).toEqual([
      ["apns/http2-priority", "priority-sent"],
      ["apns/ping-rate", "too-many-pings"],
    ]);
    expect(bench.pushes.map(({ findings }) => findings)).toEqual([[]]);
  });

  test("sends the settings APNs is seen to send", async () => {
    bench = await startApnsBench();
    const session = bench.connect();
    const settings = await new Promise((resolve) => {
      session.once("remoteSettings", resolve);
    });
    expect(settings).toMatchObject({
      headerTableSize: 4096,
      maxConcurrentStreams: 1000,
      initialWindowSize: 65_535,
      maxFrameSize: 16_384,
      maxHeaderListSize: 8000,
    });
  });

  test("is not trusted without its authority", async () => {
    bench = await startApnsBench();
    const session = connect(bench.server.url);
    const error = await new Promise((resolve) => {
      session.once("error", resolve);
    });
    expect(error).toMatchObject({ code: expect.stringMatching(/CERT|SIGNATURE|ISSUER/) });
    session.destroy();
  });

  test("answers many pushes at once, each with its own answer", async () => {
    bench = await startApnsBench((push) => ({
      kind: "status",
      status: 400,
      reason: Buffer.from(push.body).toString(),
      answerDelayMs: 0,
    }));
    const session = bench.connect();
    const headers = goodHeaders(bench);
    const answers = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => send(session, headers, `${index}`)),
    );
    expect(answers.map(({ body }) => body)).toEqual(
      Array.from({ length: 500 }, (_, index) => ({ reason: `${index}` })),
    );
    expect(new Set(bench.pushes.map(({ push }) => push)).size).toBe(500);
  });

  test("closes with pushes under way, calls no hook afterwards and leaves nothing", async () => {
    bench = await startApnsBench(() => ({ kind: "by-rules", answerDelayMs: 60_000 }));
    const session = bench.connect();
    const answer = send(session, goodHeaders(bench)).catch(() => "gone");
    await bench.until("the push", () => bench.pushes.length === 1);
    const told = bench.connections.length;
    await bench.server.close();
    expect(await answer).toBe("gone");
    expect(bench.connections).toHaveLength(told);
    expect(bench.outcomes).toEqual([]);
    expect(bench.clock.pending()).toBe(0);
    const refused = await new Promise((resolve) => {
      connectTcp(bench.server.port, "127.0.0.1").once("error", resolve);
    });
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("says which address it cannot listen on", async () => {
    bench = await startApnsBench();
    const { port } = bench.server;
    const second = startApnsBench(undefined, { port });
    await expect(second).rejects.toThrow(UsageError);
    await expect(second).rejects.toThrow(`127.0.0.1 port ${port}`);
  });
});
