import * as fc from "fast-check";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fcmRules } from "../fcm/fcm-rules.ts";
import { createFcmMock, type FcmMock, type FcmMockOptions } from "../standalone/fcm-mock.ts";
import { fcmHandlers, type FcmHandlers } from "./fcm-handlers.ts";
import { signAssertion, tokenRequest } from "./testing/oauth-client.ts";
import { newestOf, sendByFetch, socketSender, type SeenAnswer, type SentRequest } from "./testing/two-ways.ts";

const PROJECT = "acme";
const PACKAGE = "com.example.phone";
const SEND = `/v1/projects/${PROJECT}/messages:send`;
const FCM = "https://fcm.googleapis.com";
const OAUTH = "https://oauth2.googleapis.com";
const device = (letter: string): string => `${letter.repeat(22)}:APA91b${letter.repeat(134)}`;
const [TOKEN, GONE, STRANGE] = [device("a"), device("b"), device("c")];
const GOOD = { token: TOKEN, data: { callId: "1" }, android: { priority: "HIGH", ttl: "30s" } };
const OPTIONS: FcmMockOptions = { projectId: PROJECT, packageName: PACKAGE, strict: true, calls: true };

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

async function withHandlers(
  work: (fcm: FcmHandlers) => Promise<void>,
  options: FcmMockOptions = OPTIONS,
): Promise<void> {
  const fcm = await fcmHandlers(options);
  server.use(...fcm.handlers);
  try {
    await work(fcm);
  } finally {
    await fcm.close();
  }
}

type Access = "good" | "none" | "unknown" | "other-scope";

/** A request before it is known whose access token it carries. */
interface Sketch {
  readonly method?: string;
  readonly path?: string;
  readonly access?: Access;
  readonly contentType?: string;
  /** A text goes as it is. */
  readonly body?: unknown;
}

async function drawn(
  sketch: Sketch,
  { credentials, accessToken }: Pick<FcmMock, "credentials" | "accessToken">,
  send: (request: SentRequest) => Promise<SeenAnswer>,
): Promise<SentRequest> {
  const { method = "POST", path = SEND, access = "good", contentType = "application/json" } = sketch;
  const { body = { message: GOOD } } = sketch;
  const token = async (): Promise<string | undefined> => {
    if (access === "none") return undefined;
    if (access === "unknown") return "ya29.c.of.another";
    if (access === "good") return await accessToken();
    const scope = "https://www.googleapis.com/auth/datastore";
    const granted = await send(tokenRequest(signAssertion(credentials.serviceAccount, { scope })));
    return (JSON.parse(granted.body) as { readonly access_token: string }).access_token;
  };
  const value = await token();
  return {
    method,
    path,
    headers: { "content-type": contentType, ...(value === undefined ? {} : { authorization: `Bearer ${value}` }) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

/** Two services that know the same, and what one and the other say to a request. */
async function withBoth(
  work: (ask: (sketch: Sketch) => Promise<{ readonly socket: Said; readonly msw: Said }>) => Promise<void>,
  options: FcmMockOptions = OPTIONS,
): Promise<void> {
  const mock = await createFcmMock(options);
  const socket = socketSender(mock);
  try {
    await withHandlers(async (fcm) => {
      for (const one of [mock, fcm]) {
        one.reachable(TOKEN);
        one.unregister(GONE, 1_700_000_000_000);
      }
      await work(async (sketch) => ({
        socket: await said(sketch, mock, socket.send),
        msw: await said(sketch, fcm, (request) => sendByFetch(request.path === "/token" ? OAUTH : FCM, request)),
      }));
    }, options);
  } finally {
    socket.close();
    await mock.close();
  }
}

interface Said {
  readonly answer: SeenAnswer;
  readonly logged: object | undefined;
  readonly rules: readonly string[];
}

async function said(
  sketch: Sketch,
  mock: Pick<FcmMock, "credentials" | "accessToken" | "pushes">,
  send: (request: SentRequest) => Promise<SeenAnswer>,
): Promise<Said> {
  const { status, headers, body } = await send(await drawn(sketch, mock, send));
  const findings = mock.pushes.at(-1)?.findings ?? [];
  return {
    answer: { status, headers, body: body.replace(/0:\d+%[0-9a-f]+/, "0:<id>") },
    logged: newestOf(mock),
    rules: findings.map(({ rule, mismatch }) => `${rule} ${mismatch}`),
  };
}

const message = (change: object): Sketch => ({ body: { message: { ...GOOD, ...change } } });
const android = (change: object): Sketch => message({ android: { ...GOOD.android, ...change } });

/** For each rule that a request to a mock can break, one that does. */
const breaking: Readonly<Record<string, Sketch>> = {
  "fcm/endpoint legacy-endpoint": { path: "/fcm/send" },
  "fcm/endpoint bad-path": { path: "/v1/projects/acme/messages?alt=json" },
  "fcm/endpoint method-not-post": { method: "PUT" },
  "fcm/authentication missing-access-token": { access: "none" },
  "fcm/authentication invalid-access-token": { access: "unknown" },
  "fcm/authentication wrong-scope": { access: "other-scope" },
  "fcm/project wrong-project": { path: "/v1/projects/elsewhere/messages:send" },
  "fcm/json not-json": { body: "{" },
  "fcm/json not-an-object": { body: "[]" },
  "fcm/json no-message": { body: {} },
  "fcm/fields unknown-field": message({ time_to_live: 30 }),
  "fcm/fields wrong-type": android({ collapse_key: 12 }),
  "fcm/data value-not-a-string": message({ data: { number: 12 } }),
  "fcm/priority bad-priority": android({ priority: "urgent" }),
  "fcm/ttl bad-ttl": android({ ttl: 30 }),
  "fcm/recipient several-recipients": message({ topic: "calls" }),
  "fcm/recipient no-recipient": message({ token: undefined }),
  "fcm/recipient bad-topic": message({ token: undefined, topic: "/topics/calls" }),
  "fcm/data-keys reserved-key": message({ data: { from: "1" } }),
  "fcm/payload-size too-large": message({ data: { k: "é".repeat(2048) } }),
  "fcm/device-token invalid-token": message({ token: "of-no-form" }),
  "fcm/device-token unregistered-token": message({ token: GONE }),
  "fcm/package package-differs": android({ restricted_package_name: "com.example.other" }),
  "fcm/priority not-high": android({ priority: "normal" }),
  "fcm/ttl missing": android({ ttl: undefined }),
  "fcm/ttl too-long": android({ ttl: "3600s" }),
  "fcm/data-only notification-present": message({ notification: { title: "call" } }),
  "fcm/collapse-key collapsible": android({ collapseKey: "call" }),
  "fcm/validate-only validate-only": { body: { message: GOOD, validate_only: true } },
  "fcm/apns-block only-apns": message({ data: {}, apns: { headers: { "apns-priority": "10" } } }),
  "fcm/apns-block voip-through-fcm": message({ apns: { headers: { "apns-push-type": "voip" } } }),
  "fcm/apns-block background-immediate": message({
    apns: { headers: { "apns-priority": "10" }, payload: { aps: { "content-available": 1 } } },
  }),
};

/** Rules that no request can break here, and why. */
const outOfReach: Readonly<Record<string, string>> = {
  "fcm/scheme malformed-scheme": "HTTP/2 alone has a :scheme",
  "fcm/authentication expired-access-token": "it takes an hour",
  "fcm/device-token other-sender": "a mock issues tokens for its own project only",
  "fcm/quota project-quota-exceeded": "below, with a smaller quota",
  "fcm/quota token-quota-exceeded": "below, with a smaller quota",
};

describe("FCM as handlers of msw", () => {
  test("accepts a message without fault, logs it whole and finds nothing", async () => {
    await withHandlers(async (fcm) => {
      const token = fcm.issueToken();
      const headers = { authorization: `Bearer ${await fcm.accessToken()}`, "content-type": "application/json" };
      const body = JSON.stringify({ message: { ...GOOD, token } });
      const { status, body: answered } = await sendByFetch(FCM, { method: "POST", path: SEND, headers, body });
      expect(status).toBe(200);
      expect(await fcm.nextPush({ token })).toMatchObject({
        number: 1,
        service: "fcm",
        token,
        id: (JSON.parse(answered) as { readonly name: string }).name,
        status: 200,
        became: "delivered",
        path: SEND,
        payload: { message: { data: { callId: "1" } } },
        delivery: { payload: { callId: "1" }, priority: "high", stored: true },
        findings: [],
      });
      expect(fcm.pushes[0]?.headers["authorization"]).not.toContain(await fcm.accessToken());
      fcm.expectNoFindings();
    });
  });

  test("has no address, and the token endpoint of Google itself", async () => {
    await withHandlers(async (fcm) => {
      expect(fcm).not.toHaveProperty("url");
      expect(fcm).not.toHaveProperty("caPem");
      expect(fcm.oauthUrl).toBe("https://oauth2.googleapis.com/token");
      expect(fcm.credentials.serviceAccount.token_uri).toBe(fcm.oauthUrl);
      await Promise.resolve();
    });
  });

  test("knows every rule of FCM, or why it cannot be broken here", () => {
    const ids = new Set(fcmRules.map(({ id, mismatch }) => `${id} ${mismatch}`));
    expect(new Set([...Object.keys(breaking), ...Object.keys(outOfReach)])).toEqual(ids);
  });

  test("says to a request that breaks a rule what the service over sockets says", async () => {
    await withBoth(async (ask) => {
      const { msw: flawless, socket } = await ask({});
      expect(flawless).toEqual(socket);
      expect(flawless).toMatchObject({ answer: { status: 200 }, rules: [] });
      for (const [rule, sketch] of Object.entries(breaking)) {
        const both = await ask(sketch);
        expect(both.msw).toEqual(both.socket);
        expect(both.msw.rules).toContain(rule);
      }
    });
  });

  test("says to any request what the service over sockets says", async () => {
    const pick = fc.constantFrom;
    const sketch: fc.Arbitrary<Sketch> = fc.record({
      method: pick("POST", "POST", "POST", "PATCH"),
      path: pick(SEND, SEND, SEND, `${SEND}?alt=json`, "/v1/projects/other/messages:send", "/batch", "/"),
      access: pick<Access>("good", "good", "good", "none", "unknown"),
      contentType: pick("application/json", "application/json", "application/json; charset=UTF-8", "text/plain"),
      body: fc.oneof(
        { weight: 6, arbitrary: fc.record({ message: anyMessage(), validateOnly: pick(undefined, true, false) }) },
        { weight: 1, arbitrary: fc.json() },
        { weight: 1, arbitrary: fc.string() },
      ),
    });
    await withBoth(async (ask) => {
      await fc.assert(
        fc.asyncProperty(sketch, async (one) => {
          const { msw, socket } = await ask(one);
          expect(msw).toEqual(socket);
        }),
        { numRuns: 60 },
      );
    });
  });

  test.each([
    ["project", { messagesPerMinute: 1 }],
    ["token", { messagesPerMinutePerToken: 1 }],
  ] as const)("counts messages against the quota of a %s", async (of, profile) => {
    await withBoth(
      async (ask) => {
        expect((await ask({})).msw.answer.status).toBe(200);
        const { msw, socket } = await ask({});
        expect(msw).toEqual(socket);
        expect(msw.answer).toMatchObject({ status: 429, headers: { "retry-after": "60" } });
        expect(msw.rules).toEqual([`fcm/quota ${of}-quota-exceeded`]);
      },
      { ...OPTIONS, profile },
    );
  });

  test("answers as a script wants, while the rules look on", async () => {
    await withHandlers(async (fcm) => {
      const token = fcm.issueToken();
      const send = async (): Promise<SeenAnswer> =>
        await sendByFetch(FCM, await drawn(message({ token, android: {} }), fcm, (one) => sendByFetch(OAUTH, one)));
      fcm.answer(token, { kind: "status", status: 503, reason: "UNAVAILABLE", retryAfterS: 7 }, 1);
      fcm.answer(token, { kind: "status", status: 502 }, 1);
      fcm.answer(token, { kind: "status", status: 204 }, 1);
      fcm.answer(token, { kind: "delay", delayMs: 5 }, 1);
      fcm.answer(token, { kind: "reset" }, 1);
      const unavailable = await send();
      expect([unavailable.status, unavailable.headers["retry-after"]]).toEqual([503, "7"]);
      expect((await send()).body).toContain("<!DOCTYPE html>");
      expect(await send()).toMatchObject({ status: 204, body: "" });
      expect((await send()).status).toBe(200);
      await expect(send()).rejects.toThrow(TypeError);
      expect(fcm.pushes.map(({ became }) => became)).toEqual(["refused", "refused", "refused", "delivered", "reset"]);
      expect(fcm.pushes.every(({ findings }) => findings.length === 2)).toBe(true);
      fcm.clear();
      expect([fcm.pushes, fcm.answers, fcm.findings]).toEqual([[], [], []]);
    });
  });

  test("notes a client that does not wait for its answer, and ends what waits when it is closed", async () => {
    await withHandlers(async (fcm) => {
      fcm.answer("any", { kind: "no-answer" });
      const { headers, ...request } = await drawn({}, fcm, (one) => sendByFetch(OAUTH, one));
      const send = (signal?: AbortSignal): Promise<unknown> =>
        fetch(`${FCM}${request.path}`, { ...request, headers, ...(signal === undefined ? {} : { signal }) });
      const impatient = new AbortController();
      const given = send(impatient.signal).catch((error: unknown) => (error as Error).name);
      const held = send().catch((error: unknown) => (error as Error).name);
      await expect.poll(() => fcm.answers.length).toBe(1);
      impatient.abort();
      expect(await given).toBe("AbortError");
      expect(await fcm.nextPush()).toMatchObject({ became: "abandoned" });
      const waiting = fcm.nextPush({ token: STRANGE }).catch(String);
      await fcm.close();
      expect(await held).toBe("TypeError");
      expect(await waiting).toContain("before the mock was closed");
      expect(await send().catch((error: unknown) => (error as Error).name)).toBe("TypeError");
    });
  });

  test("stores messages for a phone that cannot be reached", async () => {
    const delivered: string[] = [];
    await withHandlers(
      async (fcm) => {
        fcm.unreachable(TOKEN);
        await sendByFetch(FCM, await drawn({}, fcm, (one) => sendByFetch(OAUTH, one)));
        expect(fcm.pushes[0]?.became).toBe("stored");
        expect(fcm.reachable(TOKEN)).toHaveLength(1);
      },
      { ...OPTIONS, onDelivery: ({ became }, isLate) => delivered.push(`${became} ${isLate}`) },
    );
    expect(delivered).toEqual(["delivered true"]);
  });
});

describe("Google's token endpoint as a handler of msw", () => {
  test("trades an assertion for an access token that sends, at each of its URLs", async () => {
    await withHandlers(async (fcm) => {
      fcm.reachable(TOKEN);
      for (const url of [
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/oauth2/v4/token",
        "https://accounts.google.com/o/oauth2/token",
      ]) {
        const { origin, pathname } = new URL(url);
        const asked = tokenRequest(signAssertion(fcm.credentials.serviceAccount, { aud: url }));
        const granted = await sendByFetch(origin, { ...asked, path: pathname });
        const { access_token: token } = JSON.parse(granted.body) as { readonly access_token: string };
        const sent = await sendByFetch(FCM, {
          method: "POST",
          path: SEND,
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify({ message: GOOD }),
        });
        expect(sent.status).toBe(200);
      }
      fcm.expectNoFindings();
    });
  });

  const nowS = Math.floor(Date.now() / 1000);
  type Wrong = (account: FcmMock["credentials"]["serviceAccount"]) => SentRequest;
  const refused: readonly (readonly [string, Wrong])[] = [
    ["not-a-jwt", () => tokenRequest("x")],
    ["wrong-grant-type", (account) => tokenRequest(signAssertion(account), "client_credentials")],
    ["wrong-algorithm", (account) => tokenRequest(signAssertion(account, {}, "HS256"))],
    ["bad-signature", (account) => tokenRequest(`${signAssertion(account).slice(0, -8)}AAAAAAAA`)],
    ["unknown-account", (account) => tokenRequest(signAssertion(account, { iss: "nobody@example.com" }))],
    ["wrong-audience", (account) => tokenRequest(signAssertion(account, { aud: "https://example.com/token" }))],
    ["lifetime-too-long", (account) => tokenRequest(signAssertion(account, { iat: nowS, exp: nowS + 7200 }))],
    ["no-scope", (account) => tokenRequest(signAssertion(account, { scope: "" }))],
    ["unknown-scope", (account) => tokenRequest(signAssertion(account, { scope: "https://example.com/scope" }))],
  ];

  test.each(refused)("says to an assertion with fault %s what the one over sockets says", async (mismatch, wrong) => {
    const mock = await createFcmMock({ projectId: PROJECT });
    const socket = socketSender(mock);
    try {
      await withHandlers(async (fcm) => {
        const answers = [
          await socket.send(wrong(mock.credentials.serviceAccount)),
          await sendByFetch(OAUTH, wrong(fcm.credentials.serviceAccount)),
        ].map((answer) => ({ ...answer, body: answer.body.replace(/("id_token": )".+"/, "$1") }));
        expect(answers[1]).toEqual(answers[0]);
        const findings = [mock, fcm].map((one) =>
          one.findings.map((finding) => ({
            ...finding,
            expected: finding.expected.replace(one.credentials.serviceAccount.client_email, "<account>"),
          })),
        );
        expect(findings[1]).toEqual(findings[0]);
        expect(fcm.connectionProblems[0]?.findings[0]).toMatchObject({
          rule: "fcm/assertion",
          mismatch,
          source: expect.stringContaining("Using OAuth 2.0 for Server to Server Applications") as string,
        });
      });
    } finally {
      socket.close();
      await mock.close();
    }
  });
});

/** Messages that are right and wrong in every field the rules look at. */
function anyMessage(): fc.Arbitrary<object> {
  const pick = fc.constantFrom;
  return fc.record(
    {
      token: pick<unknown>(TOKEN, TOKEN, TOKEN, GONE, STRANGE, "of-no-form", "", 12),
      topic: pick<unknown>(undefined, undefined, undefined, "calls", "/topics/calls"),
      data: fc.oneof(
        fc.dictionary(pick("callId", "from", "google.x", "caller"), pick<unknown>("1", "é", 12, true, {})),
        pick<unknown>(undefined, [], "text", { k: "x".repeat(4096) }),
      ),
      notification: pick<unknown>(undefined, undefined, { title: "call" }, { titel: "call" }, "call"),
      android: fc.record(
        {
          priority: pick<unknown>("HIGH", "high", "NORMAL", "urgent", 10),
          ttl: pick<unknown>("0s", "30s", "1.5s", "3600s", "30", 30, "-1s"),
          collapseKey: pick<unknown>(undefined, undefined, "call", 12),
          restricted_package_name: pick<unknown>(undefined, undefined, PACKAGE, "com.example.other"),
        },
        { requiredKeys: [] },
      ),
      apns: pick<unknown>(undefined, undefined, { payload: { aps: {} } }, []),
    },
    { requiredKeys: ["token"] },
  );
}
