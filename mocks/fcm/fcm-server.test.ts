import { afterEach, describe, expect, test } from "vitest";
import { startFcmBench } from "./testing/fcm-bench.ts";
import type { ClientAnswer, FcmBench } from "./testing/fcm-bench.ts";
import { goodMessage, TOKEN } from "./testing/fcm-fixture.ts";

let bench: FcmBench | undefined;
afterEach(async () => {
  await bench?.close();
});

async function started(...how: Parameters<typeof startFcmBench>): Promise<FcmBench> {
  bench = await startFcmBench(...how);
  return bench;
}

async function sendMessage(
  on: FcmBench,
  protocol: "h2" | "http/1.1",
  message: object = goodMessage(),
  accessToken?: string,
): Promise<ClientAnswer> {
  return on.send(protocol, {
    path: on.path,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${accessToken ?? (await on.accessToken())}`,
    },
    body: JSON.stringify({ message }),
  });
}

const kindsOf = ({ connections }: FcmBench) => connections.map(([{ kind }]) => kind);

describe.each(["h2", "http/1.1"] as const)("over %s", (protocol) => {
  test("a message with an access token of OAuth is accepted and told with all that is known of it", async () => {
    const fcm = await started();
    const answer = await sendMessage(fcm, protocol);
    await fcm.until("the outcome", () => fcm.outcomes.length === 1);

    const [push] = fcm.pushes;
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json; charset=UTF-8" } });
    expect(JSON.parse(answer.body)).toEqual({ name: push?.verdictByRules.id });
    expect(push).toMatchObject({
      service: "fcm",
      push: "fcm-push-1",
      method: "POST",
      path: fcm.path,
      token: TOKEN,
      findings: [],
      verdictByRules: { status: 200 },
      delivery: { payload: { callId: "1" }, stored: true, priority: "high" },
    });
    expect(fcm.outcomes).toEqual([{ kind: "response", status: 200, scripted: false }]);
  });

  test("a message that breaks a rule is refused as FCM does", async () => {
    const fcm = await started();
    const answer = await sendMessage(fcm, protocol, goodMessage({ token: `${TOKEN}x` }));
    await fcm.until("the outcome", () => fcm.outcomes.length === 1);

    expect(answer.status).toBe(400);
    expect(fcm.pushes[0]).toMatchObject({
      verdictByRules: { status: 400, reason: "INVALID_ARGUMENT" },
      findings: [{ rule: "fcm/device-token", mismatch: "invalid-token" }],
    });
    expect(fcm.outcomes).toEqual([{ kind: "response", status: 400, reason: "INVALID_ARGUMENT", scripted: false }]);
  });

  test("a scripted answer carries its error code and Retry-After", async () => {
    const fcm = await started(() => ({
      kind: "status",
      status: 503,
      reason: "UNAVAILABLE",
      retryAfterS: 7,
      answerDelayMs: 0,
    }));
    const answer = await sendMessage(fcm, protocol);
    await fcm.until("the outcome", () => fcm.outcomes.length === 1);

    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "7" } });
    expect(JSON.parse(answer.body)).toEqual({
      error: {
        code: 503,
        message: "The service is currently unavailable.",
        status: "UNAVAILABLE",
        details: [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode: "UNAVAILABLE" }],
      },
    });
    expect(fcm.outcomes).toEqual([
      { kind: "response", status: 503, reason: "UNAVAILABLE", retryAfterS: 7, scripted: true },
    ]);
  });

  test("a scripted reset ends the exchange without an answer", async () => {
    const fcm = await started(() => ({ kind: "reset", answerDelayMs: 0 }));
    await expect(sendMessage(fcm, protocol)).rejects.toThrow(/INTERNAL_ERROR|socket hang up/);
    await fcm.until("the outcome", () => fcm.outcomes.length === 1);
    expect(fcm.outcomes).toEqual([{ kind: "reset" }]);
  });

  test("an answer is held back for as long as is decided", async () => {
    const fcm = await started(async () => Promise.resolve({ kind: "by-rules", answerDelayMs: 5000 }));
    const answer = sendMessage(fcm, protocol);
    await fcm.until("the push", () => fcm.pushes.length === 1);
    expect(fcm.outcomes).toEqual([]);
    // What was decided is carried out a microtask later.
    await Promise.resolve();
    fcm.clock.advance(5000);
    expect((await answer).status).toBe(200);
  });
});

test("a scripted answer without an error code is an HTML page", async () => {
  const fcm = await started(() => ({ kind: "status", status: 502, answerDelayMs: 0 }));
  const answer = await sendMessage(fcm, "http/1.1");
  await fcm.until("the outcome", () => fcm.outcomes.length === 1);

  expect(answer).toMatchObject({ status: 502, headers: { "content-type": "text/html; charset=UTF-8" } });
  expect(fcm.outcomes).toEqual([{ kind: "response", status: 502, scripted: true }]);
});

test("a client that goes away before its answer has abandoned the push", async () => {
  const fcm = await started(() => ({ kind: "by-rules", answerDelayMs: 60_000 }));
  const accessToken = await fcm.accessToken();
  const answer = sendMessage(fcm, "h2", goodMessage(), accessToken).catch(() => "gone");
  await fcm.until("the push", () => fcm.pushes.length === 1);
  fcm.http2().destroy();
  await fcm.until("the outcome", () => fcm.outcomes.length === 1);

  expect(fcm.outcomes).toEqual([{ kind: "abandoned" }]);
  expect(await answer).toBe("gone");
});

describe("what is told of a connection", () => {
  test("is its opening, each new access token on it, and its end", async () => {
    const fcm = await started();
    const accessToken = await fcm.accessToken();
    await sendMessage(fcm, "h2", goodMessage(), accessToken);
    await sendMessage(fcm, "h2", goodMessage(), accessToken);
    await sendMessage(fcm, "h2", goodMessage(), await fcm.accessToken());
    fcm.http2().close();
    await fcm.until("its end", () => kindsOf(fcm).includes("connection.closed"));

    expect(kindsOf(fcm)).toEqual([
      "connection.opened",
      "connection.access-token",
      "connection.opened",
      "connection.provider-token",
      "connection.access-token",
      "connection.provider-token",
      "connection.closed",
    ]);
    const events = fcm.connections.map(([event]) => event);
    expect(events[0]).toMatchObject({ service: "fcm", alpn: "http/1.1", tlsVersion: "TLSv1.3" });
    expect(events[2]).toMatchObject({ service: "fcm", alpn: "h2" });
    expect(events[1]).toEqual({
      kind: "connection.access-token",
      service: "fcm",
      connection: "fcm-1",
      status: 200,
      fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(events[3]).toMatchObject({
      fingerprint: (events[1] as { readonly fingerprint: string }).fingerprint,
      issuedAtS: fcm.clock.epochMs / 1000,
    });
  });

  test("is what a token request did wrong, and no secret", async () => {
    const fcm = await started();
    const answer = await fcm.send("h2", { path: "/token", body: "grant_type=password&password=secret" });

    expect(answer.status).toBe(400);
    expect(fcm.connections.at(-1)).toEqual([
      {
        kind: "connection.access-token",
        service: "fcm",
        connection: "fcm-1",
        status: 400,
        error: "unsupported_grant_type",
      },
      [expect.objectContaining({ rule: "fcm/assertion", mismatch: "wrong-grant-type" })],
    ]);
    expect(JSON.stringify(fcm.connections)).not.toContain("secret");
    expect(fcm.pushes).toEqual([]);
  });
});

test("an access token expires with the clock", async () => {
  const fcm = await started();
  const accessToken = await fcm.accessToken();
  fcm.clock.advance(3_600_000);
  expect((await sendMessage(fcm, "h2", goodMessage(), accessToken)).status).toBe(401);
  expect(fcm.pushes[0]?.findings).toMatchObject([{ mismatch: "expired-access-token" }]);
});

test("an access token of another server is none", async () => {
  const other = await startFcmBench();
  const accessToken = await other.accessToken();
  await other.close();
  const fcm = await started();
  expect((await sendMessage(fcm, "http/1.1", goodMessage(), accessToken)).status).toBe(401);
});

test("three hundred messages at once on one connection are all accepted, each with a name of its own", async () => {
  const fcm = await started();
  const accessToken = await fcm.accessToken();
  const answers = await Promise.all(
    Array.from({ length: 300 }, async () => sendMessage(fcm, "h2", goodMessage(), accessToken)),
  );
  expect(new Set(answers.map(({ body }) => body)).size).toBe(300);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test("a port that is taken is named as the option that asks for it", async () => {
  const fcm = await started();
  await expect(startFcmBench(undefined, { port: fcm.server.port })).rejects.toThrow(
    /^world\.ports\.fcm: the simulated FCM/,
  );
});
