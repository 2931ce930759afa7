import { constants } from "node:http2";
import { request } from "node:http";
import { connect as connectTls } from "node:tls";
import type { ClientHttp2Session } from "node:http2";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apnsReasons } from "./apns-reason.ts";
import { goodHeaders, REPLACED_TOKEN, send, startApnsBench, TOKEN } from "./testing/apns-bench.ts";
import type { ApnsBench } from "./testing/apns-bench.ts";

let bench: ApnsBench;
beforeEach(async () => {
  bench = await startApnsBench();
});
afterEach(async () => {
  await bench.close();
});

/** The GOAWAY a session gets. */
async function goAwayOf(session: ClientHttp2Session): Promise<{ readonly code: number; readonly data: string }> {
  return new Promise((resolve) => {
    session.once("goaway", (code: number, _last: number, data?: Buffer) => {
      resolve({ code, data: data?.toString() ?? "" });
    });
  });
}

async function settingsOf(session: ClientHttp2Session): Promise<number | undefined> {
  return new Promise((resolve) => {
    session.once("remoteSettings", ({ maxConcurrentStreams }) => resolve(maxConcurrentStreams));
  });
}

const statusOn = async (session: ClientHttp2Session) => (await send(session, goodHeaders(bench))).status;

describe("the simulated APNs, asked for a fault,", () => {
  test("gives each of the 32 reasons with its status, and a timestamp with 410 only", async () => {
    const session = bench.connect();
    for (const { status, reason } of apnsReasons) {
      bench.server.inject({ fault: { kind: "status", status, reason, timestampMs: 1_700_000_000_000 }, times: 1 });
      const answer = await send(session, goodHeaders(bench));
      const timestamp = status === 410 ? { timestamp: 1_700_000_000_000 } : {};
      expect(answer).toMatchObject({ status, headers: { "content-type": "application/json" } });
      expect(answer.body).toEqual({ reason, ...timestamp });
    }
    expect(await statusOn(session)).toBe(200);
    expect(bench.outcomes).toHaveLength(33);
    expect(bench.outcomes[0]).toEqual({ kind: "response", status: 400, reason: "BadCollapseId", scripted: true });
  });

  test("gives a reason in the spelling of the field", async () => {
    bench.server.inject({ fault: { kind: "status", status: 403, reason: "BadEnvironmentKeyInToken" } });
    expect(await send(bench.connect(), goodHeaders(bench))).toMatchObject({
      body: { reason: "BadEnvironmentKeyInToken" },
    });
  });

  test("leaves other device tokens and connections alone", async () => {
    const [first, second] = [bench.connect(), bench.connect()];
    await statusOn(first);
    await statusOn(second);
    bench.server.inject({
      fault: { kind: "status", status: 503, reason: "Shutdown" },
      connection: "apns-1",
      token: TOKEN,
    });
    const other = { ...goodHeaders(bench), ":path": `/3/device/${REPLACED_TOKEN}` };
    expect((await send(first, other)).status).toBe(200);
    expect(await statusOn(second)).toBe(200);
    expect(await statusOn(first)).toBe(503);
  });

  test("leaves to the world what the world decides", async () => {
    await bench.close();
    bench = await startApnsBench(() => ({
      kind: "status",
      status: 500,
      reason: "InternalServerError",
      answerDelayMs: 0,
    }));
    bench.server.inject({ fault: { kind: "reset" } });
    expect(await statusOn(bench.connect())).toBe(500);
  });

  test.each([
    ["reset", "NGHTTP2_INTERNAL_ERROR"],
    ["refuse-stream", "NGHTTP2_REFUSED_STREAM"],
  ] as const)("resets a stream (%s) and keeps the connection", async (kind, error) => {
    bench.server.inject({ fault: { kind }, times: 1 });
    const session = bench.connect();
    await expect(send(session, goodHeaders(bench))).rejects.toThrow(error);
    expect(await statusOn(session)).toBe(200);
    expect(bench.outcomes[0]).toEqual({ kind: "reset" });
  });

  test.each([
    ["GOAWAY with its reason", { kind: "goaway", reason: "Shutdown" }, "Shutdown"],
    ["the close of an idle connection", { kind: "idle-close" }, "IdleTimeout"],
  ] as const)("answers and then ends the connection: %s", async (_what, fault, reason) => {
    bench.server.inject({ fault, times: 1 });
    const session = bench.connect();
    const goAway = goAwayOf(session);
    expect(await statusOn(session)).toBe(200);
    expect(await goAway).toEqual({ code: 0, data: JSON.stringify({ reason }) });
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
    expect(await statusOn(bench.connect())).toBe(200);
  });

  test("says that there are too many streams, and answers none", async () => {
    bench.server.inject({ fault: { kind: "goaway-too-many-streams" }, times: 1 });
    const session = bench.connect();
    const goAway = goAwayOf(session);
    // Node's client goes by whichever of RST_STREAM and GOAWAY it reads first; the code of both is REFUSED_STREAM, 7.
    await expect(send(session, goodHeaders(bench))).rejects.toThrow(/NGHTTP2_REFUSED_STREAM|error code 7/);
    expect(await goAway).toEqual({
      code: constants.NGHTTP2_REFUSED_STREAM,
      data: "Maximum active streams violated for this endpoint.",
    });
  });

  test("answers 429 on a connection for good, and not on the next", async () => {
    bench.server.inject({ fault: { kind: "sticky-429" }, times: 1 });
    const session = bench.connect();
    const stuck = { status: 429, body: { reason: "TooManyProviderTokenUpdates" } };
    for (let count = 0; count < 3; count++) expect(await send(session, goodHeaders(bench))).toMatchObject(stuck);
    expect(await statusOn(bench.connect())).toBe(200);
  });

  test("sends SETTINGS again before its first answer", async () => {
    bench.server.inject({ fault: { kind: "second-settings", streams: 500, delayMs: 1000 }, times: 1 });
    const session = bench.connect();
    const answer = send(session, goodHeaders(bench));
    expect([await settingsOf(session), await settingsOf(session)]).toEqual([1000, 500]);
    expect(bench.outcomes).toEqual([]);
    bench.clock.advance(1000);
    expect((await answer).status).toBe(200);
  });

  test("answers late", async () => {
    bench.server.inject({ fault: { kind: "delay", delayMs: 30_000 }, times: 1 });
    const session = bench.connect();
    const answer = send(session, goodHeaders(bench));
    await bench.until("the push", () => bench.pushes.length === 1);
    bench.clock.advance(29_999);
    expect(bench.outcomes).toEqual([]);
    bench.clock.advance(1);
    expect((await answer).status).toBe(200);
    expect(bench.outcomes).toEqual([{ kind: "response", status: 200, scripted: false }]);
  });

  test("never answers, until the sender gives up", async () => {
    bench.server.inject({ fault: { kind: "no-answer" }, times: 1 });
    const session = bench.connect();
    const stream = session.request(goodHeaders(bench));
    stream.on("error", () => {});
    stream.end("{}");
    await bench.until("the push", () => bench.pushes.length === 1);
    expect(await statusOn(session)).toBe(200);
    stream.close(constants.NGHTTP2_CANCEL);
    await bench.until("its outcome", () => bench.outcomes.length === 2);
    expect(bench.outcomes[1]).toEqual({ kind: "abandoned" });
  });

  test("says GOAWAY on every connection, or on one", async () => {
    const sessions = [bench.connect(), bench.connect(), bench.connect()];
    for (const session of sessions) await statusOn(session);
    const [first, second, third] = sessions.map(goAwayOf);
    bench.server.goAway("ServiceUnavailable", "apns-2");
    expect(await second).toEqual({ code: 0, data: '{"reason":"ServiceUnavailable"}' });
    bench.server.goAway("Shutdown");
    expect([await first, await third]).toEqual([1, 2].map(() => ({ code: 0, data: '{"reason":"Shutdown"}' })));
  });
});

describe("the simulated APNs, with another profile,", () => {
  const restart = async (...args: Parameters<typeof startApnsBench>) => {
    await bench.close();
    bench = await startApnsBench(...args);
  };

  test("allows one stream until a valid provider token, and with a certificate all", async () => {
    await restart(undefined, { profile: { streams: "strict" } });
    const session = bench.connect();
    expect(await settingsOf(session)).toBe(1);
    const more = settingsOf(session);
    expect(await send(session, { ...goodHeaders(bench), authorization: "bearer x" })).toMatchObject({ status: 403 });
    expect(await statusOn(session)).toBe(200);
    expect(await more).toBe(1000);
    const certified = bench.connect(await bench.authority.issueClient({ bundleId: "com.example.phone" }));
    expect(await settingsOf(certified)).toBe(1000);
  });

  test("slows a connection down to one stream after a rejection, and up again after an acceptance", async () => {
    await restart(undefined, { profile: { errorsUntilOneStream: 1, streamsAtOnce: 500 } });
    const session = bench.connect();
    expect(await settingsOf(session)).toBe(500);
    const less = settingsOf(session);
    await send(session, { ...goodHeaders(bench), "apns-id": "1" });
    expect(await less).toBe(1);
    const more = settingsOf(session);
    await send(session, goodHeaders(bench));
    expect(await more).toBe(500);
  });

  test("keeps one SETTINGS on its way at most, however the answers alternate", async () => {
    await restart(undefined, { profile: { errorsUntilOneStream: 1 } });
    const session = bench.connect();
    await settingsOf(session);
    const headers = goodHeaders(bench);
    const statuses = await Promise.all(
      Array.from(
        { length: 200 },
        async (_, index) => (await send(session, index % 2 === 0 ? { ...headers, "apns-id": "1" } : headers)).status,
      ),
    );
    expect(statuses).toEqual(Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 400 : 200)));
  });

  test("closes a connection with too many rejections, with the last reason", async () => {
    await restart(undefined, { profile: { errorsUntilGoAway: 3 } });
    const session = bench.connect();
    const goAway = goAwayOf(session);
    for (let count = 0; count < 3; count++) {
      expect(await send(session, { ...goodHeaders(bench), "apns-id": "1" })).toMatchObject({ status: 400 });
    }
    expect(await goAway).toEqual({ code: 0, data: '{"reason":"BadMessageId"}' });
  });

  test("closes a connection on which no push came for a while", async () => {
    await restart(undefined, { profile: { idleMs: 5000 } });
    const session = bench.connect();
    await statusOn(session);
    bench.clock.advance(4999);
    await statusOn(session);
    const goAway = goAwayOf(session);
    bench.clock.advance(4999);
    expect(await statusOn(session)).toBe(200);
    bench.clock.advance(5000);
    expect(await goAway).toEqual({ code: 0, data: '{"reason":"IdleTimeout"}' });
    await bench.until("the end", () => bench.connections.at(-1)?.kind === "connection.closed");
  });

  test("talks HTTP/1.1 to a client that negotiates no protocol, where it is said to", async () => {
    await restart(undefined, { profile: { withoutAlpn: "http/1.1" } });
    const { ":path": path, ":method": _method, ...headers } = goodHeaders(bench);
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        {
          createConnection: () => connectTls({ host: "127.0.0.1", port: bench.server.port, ca: bench.authority.caPem }),
          method: "POST",
          path: String(path),
          headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on("error", reject);
      sent.end("{}");
    });
    expect(status).toBe(200);
  });
});

describe("the simulated APNs of the sandbox", () => {
  test("names what it accepts with an id of its own", async () => {
    await bench.close();
    bench = await startApnsBench(undefined, {
      environment: "sandbox",
      lookUpToken: (token) => ({ state: "current", environment: token === TOKEN ? "sandbox" : "production" }),
    });
    const session = bench.connect();
    const accepted = await send(session, goodHeaders(bench));
    expect(accepted.headers["apns-unique-id"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const rejected = await send(session, { ...goodHeaders(bench), ":path": `/3/device/${REPLACED_TOKEN}` });
    expect(rejected).toMatchObject({ status: 400, body: { reason: "BadDeviceToken" } });
    expect(rejected.headers).not.toHaveProperty("apns-unique-id");
  });

  test("is the only one to do so", async () => {
    const { headers } = await send(bench.connect(), goodHeaders(bench));
    expect(headers).not.toHaveProperty("apns-unique-id");
  });
});

describe("the simulated APNs without a call to wait for", () => {
  test("judges each push by its own push type and topic", async () => {
    await bench.close();
    bench = await startApnsBench(undefined, { topic: undefined });
    const session = bench.connect();
    const { "apns-expiration": _none, ...headers } = goodHeaders(bench);
    const alert = { ...headers, "apns-topic": "com.example.shop", "apns-push-type": "alert" };
    expect(await send(session, alert)).toMatchObject({ status: 200 });
    expect(await send(session, { ...alert, "apns-push-type": "voip" })).toMatchObject({
      status: 400,
      body: { reason: "DeviceTokenNotForTopic" },
    });
    expect(bench.pushes[0]?.findings).toEqual([]);
  });
});
