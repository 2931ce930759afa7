import * as fc from "fast-check";
import { getResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { signProviderToken } from "../apns/testing/provider-token-fixture.ts";
import { createApnsMock, type ApnsMock, type ApnsMockOptions } from "../standalone/apns-mock.ts";
import { apnsHandlers, type ApnsHandlers, type ApnsHandlersAnswer } from "./apns-handlers.ts";
import { newestOf, sendByFetch, socketSender, type SeenAnswer, type SentRequest } from "./testing/two-ways.ts";

const APNS = "https://api.push.apple.com";
const BUNDLE = "com.example.phone";
const device = (hex: string): string => hex.repeat(32);
const [TOKEN, GONE, EXPIRED, STRANGE] = [device("ab"), device("11"), device("22"), device("00")];
const OPTIONS: ApnsMockOptions = { bundleIds: [BUNDLE], strict: true, profile: { refresh: "noted" } };

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

async function withHandlers(
  work: (apns: ApnsHandlers) => Promise<void>,
  options: ApnsMockOptions = OPTIONS,
): Promise<void> {
  const apns = await apnsHandlers(options);
  server.use(...apns.handlers);
  try {
    await work(apns);
  } finally {
    await apns.close();
  }
}

type Asked = Pick<ApnsMock, "providerToken" | "pushes"> & {
  readonly credentials: Pick<ApnsMock["credentials"], "teamId" | "keyId" | "p8Pem">;
};

interface Sketch {
  readonly method?: string;
  readonly path?: string;
  /** The value of `authorization`, as the credentials make it. */
  readonly authorization?: (apns: Asked) => string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

function drawn(sketch: Sketch, apns: Asked): SentRequest {
  const { method = "POST", path = `/3/device/${TOKEN}`, body = '{"callUUID":"1"}' } = sketch;
  const { authorization = (of: Asked) => `bearer ${of.providerToken()}` } = sketch;
  const headers = {
    authorization: authorization(apns),
    "apns-topic": `${BUNDLE}.voip`,
    "apns-push-type": "voip",
    "apns-expiration": "0",
    ...sketch.headers,
  };
  const given = Object.entries(headers).filter((field): field is [string, string] => field[1] !== undefined);
  return { method, path, headers: Object.fromEntries(given), body };
}

const send = (sketch: Sketch, apns: Asked, origin = APNS): Promise<SeenAnswer> =>
  sendByFetch(origin, drawn(sketch, apns));

interface Said {
  readonly answer: SeenAnswer;
  readonly logged: object | undefined;
  readonly rules: readonly string[];
}

async function said(sketch: Sketch, apns: Asked, ask: (request: SentRequest) => Promise<SeenAnswer>): Promise<Said> {
  const { headers, ...answer } = await ask(drawn(sketch, apns));
  const { "apns-id": id = "", ...others } = headers;
  const findings = apns.pushes.at(-1)?.findings ?? [];
  const echoed = sketch.headers?.["apns-id"] === id ? id : id.replace(/^[0-9A-F-]{36}$/, "<made>");
  return {
    answer: { ...answer, headers: { ...others, "apns-id": echoed } },
    logged: newestOf(apns),
    rules: findings.map(({ rule, mismatch }) => `${rule} ${mismatch}`),
  };
}

/** What one and the other say; the one over sockets has a fresh connection for each, which is all that msw sees. */
async function withBoth(
  work: (ask: (sketch: Sketch) => Promise<{ readonly socket: Said; readonly msw: Said }>) => Promise<void>,
): Promise<void> {
  const mock = await createApnsMock(OPTIONS);
  try {
    await withHandlers(async (apns) => {
      for (const one of [mock, apns]) {
        one.reachable(TOKEN);
        one.unregister(GONE, 1_700_000_000_000);
        one.expireToken(EXPIRED, 1_700_000_000_000);
      }
      await work(async (sketch) => {
        const socket = socketSender(mock);
        try {
          return {
            socket: await said(sketch, mock, socket.send),
            msw: await said(sketch, apns, (request) => sendByFetch(APNS, request)),
          };
        } finally {
          socket.close();
        }
      });
    });
  } finally {
    await mock.close();
  }
}

const header = (name: string, value: string | undefined): Sketch => ({ headers: { [name]: value } });
const nowS = Math.floor(Date.now() / 1000);
const signed =
  (issuedAtS: number, wrong = {}) =>
  ({ credentials }: Asked): string =>
    `bearer ${signProviderToken(credentials as Parameters<typeof signProviderToken>[0], issuedAtS, wrong)}`;

/** Requests that break the rule, with the answer that it draws. */
const breaking: Readonly<Record<string, readonly [status: number, reason: string | undefined, sketch: Sketch]>> = {
  "apns/method method-not-post": [405, "MethodNotAllowed", { method: "PUT" }],
  "apns/path missing-device-token": [400, "MissingDeviceToken", { path: "/3/device/" }],
  "apns/path bad-path": [404, "BadPath", { path: `/2/device/${TOKEN}` }],
  "apns/authentication missing-provider-token": [403, "MissingProviderToken", { authorization: () => undefined }],
  "apns/authentication invalid-provider-token": [
    403,
    "InvalidProviderToken",
    { authorization: signed(nowS, { isDer: true }) },
  ],
  "apns/authentication scheme-case": [200, undefined, { authorization: (apns) => `Bearer ${apns.providerToken()}` }],
  "apns/provider-token-age expired-provider-token": [
    403,
    "ExpiredProviderToken",
    { authorization: signed(nowS - 7200) },
  ],
  "apns/message-id not-a-uuid": [400, "BadMessageId", header("apns-id", "call-1")],
  "apns/collapse-id too-long": [400, "BadCollapseId", header("apns-collapse-id", "c".repeat(65))],
  "apns/priority bad-priority": [400, "BadPriority", header("apns-priority", "9")],
  "apns/priority not-immediate": [200, undefined, header("apns-priority", "5")],
  "apns/expiration bad-expiration": [400, "BadExpirationDate", header("apns-expiration", "soon")],
  "apns/expiration missing": [200, undefined, header("apns-expiration", undefined)],
  "apns/expiration not-epoch": [200, undefined, header("apns-expiration", "120")],
  "apns/expiration too-late": [200, undefined, header("apns-expiration", `${nowS + 86_400}`)],
  "apns/push-type invalid-push-type": [400, "InvalidPushType", header("apns-push-type", "call")],
  "apns/push-type not-voip": [400, "InvalidPushType", header("apns-push-type", "alert")],
  "apns/push-type missing-push-type": [200, undefined, header("apns-push-type", undefined)],
  "apns/broadcast-headers broadcast-header": [200, undefined, header("apns-channel-id", "dHN0LXNyY2gtY2hubA==")],
  "apns/topic missing-topic": [400, "MissingTopic", header("apns-topic", undefined)],
  "apns/topic topic-not-voip": [400, "DeviceTokenNotForTopic", header("apns-topic", BUNDLE)],
  "apns/topic topic-disallowed": [400, "TopicDisallowed", header("apns-topic", "com.example.other.voip")],
  "apns/payload empty": [400, "PayloadEmpty", { body: "" }],
  "apns/payload compressed": [200, undefined, header("content-encoding", "gzip")],
  "apns/payload not-a-json-object": [200, undefined, { body: "[]" }],
  "apns/payload-size too-large": [413, "PayloadTooLarge", { body: `{"a":"${"x".repeat(5113)}"}` }],
  "apns/device-token token-not-hex": [400, "BadDeviceToken", { path: "/3/device/xyz" }],
  "apns/device-token unknown-token": [400, "BadDeviceToken", { path: `/3/device/${STRANGE}` }],
  "apns/device-token unregistered": [410, "Unregistered", { path: `/3/device/${GONE}` }],
  "apns/device-token expired": [410, "ExpiredToken", { path: `/3/device/${EXPIRED}` }],
};

describe("APNs as a handler of msw", () => {
  test("accepts a push without fault, logs it whole and finds nothing", async () => {
    await withHandlers(async (apns) => {
      const token = apns.issueToken({ topic: `${BUNDLE}.voip` });
      const { status, headers, body } = await send({ path: `/3/device/${token}` }, apns);
      expect([status, body]).toEqual([200, ""]);
      expect(await apns.nextPush({ token })).toMatchObject({
        service: "apns",
        token,
        id: headers["apns-id"],
        became: "delivered",
        payload: { callUUID: "1" },
        findings: [],
      });
      apns.expectNoFindings();
      expect(apns).not.toHaveProperty("url");
    });
  });

  test("says to a request that breaks a rule what the service over sockets says", async () => {
    await withBoth(async (ask) => {
      for (const [rule, [status, reason, sketch]] of Object.entries(breaking)) {
        const { msw, socket } = await ask(sketch);
        expect(msw).toEqual(socket);
        expect(msw.rules).toContain(rule);
        const rejection =
          msw.answer.status === 200 ? {} : (JSON.parse(msw.answer.body) as { readonly reason?: string });
        expect([msw.answer.status, rejection.reason]).toEqual([status, reason]);
      }
    });
  });

  test("says to any request what the service over sockets says", async () => {
    const pick = fc.constantFrom;
    const headers = fc.record(
      {
        "apns-topic": pick(BUNDLE, `${BUNDLE}.voip`, "x.voip", ""),
        "apns-push-type": pick("voip", "alert", "background", "call"),
        "apns-priority": pick("10", "5", "1", "9"),
        "apns-expiration": pick("0", "120", "soon", `${nowS + 86_400}`),
        "apns-id": pick("123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000", "x"),
        "apns-collapse-id": pick("call", "é".repeat(60)),
      },
      { requiredKeys: [] },
    );
    const sketch: fc.Arbitrary<Sketch> = fc.record({
      method: pick("POST", "POST", "POST", "PATCH"),
      path: pick(TOKEN, TOKEN, TOKEN.toUpperCase(), GONE, EXPIRED, STRANGE, "xyz", "").map((to) => `/3/device/${to}`),
      headers,
      body: fc.oneof(fc.json(), fc.string(), pick('{"aps":{}}', `{"a":"${"é".repeat(3000)}"}`)),
    });
    await withBoth(async (ask) => {
      await fc.assert(
        fc.asyncProperty(sketch, async (one) => {
          const { msw, socket } = await ask(one);
          expect(msw).toEqual(socket);
        }),
        { numRuns: 40 },
      );
    });
  });

  test("is either of the two environments, on both ports", async () => {
    await withHandlers(
      async (apns) => {
        for (const origin of ["https://api.sandbox.push.apple.com", "https://api.sandbox.push.apple.com:2197"]) {
          const { status, headers } = await send({}, apns, origin);
          expect([status, headers["apns-unique-id"]]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
        }
        const { path, ...request } = drawn({}, apns);
        expect(await getResponse([...apns.handlers], new Request(`${APNS}${path}`, request))).toBeUndefined();
        expect(apns.pushes).toHaveLength(2);
      },
      { environment: "sandbox" },
    );
  });

  test("answers as a script wants", async () => {
    await withHandlers(async (apns) => {
      const answers: readonly ApnsHandlersAnswer[] = [
        "ServiceUnavailable",
        { kind: "status", status: 410, reason: "Unregistered", timestampMs: 1_700_000_000_000 },
        { kind: "delay", delayMs: 5 },
      ];
      for (const answer of answers) apns.answer(TOKEN.toUpperCase(), answer, 1);
      expect((await send({}, apns)).status).toBe(503);
      expect(JSON.parse((await send({}, apns)).body)).toEqual({ reason: "Unregistered", timestamp: 1_700_000_000_000 });
      expect((await send({}, apns)).status).toBe(200);
      apns.answer(TOKEN, { kind: "reset" }, 1);
      await expect(send({}, apns)).rejects.toThrow(TypeError);
      expect(apns.pushes.map(({ became }) => became)).toEqual(["refused", "refused", "delivered", "reset"]);
    }, {});
  });

  test("ends a push that is never answered when it is closed", async () => {
    await withHandlers(async (apns) => {
      apns.answer("any", { kind: "no-answer" }, 1);
      const held = send({}, apns).catch((error: unknown) => (error as Error).name);
      await expect.poll(() => apns.answers).toEqual([]);
      await apns.close();
      expect(await held).toBe("TypeError");
    });
  });

  test("refuses an answer that takes a connection, or that APNs does not have", async () => {
    await withHandlers(async (apns) => {
      const sticky = { kind: "sticky-429" } as unknown as ApnsHandlersAnswer;
      expect(() => apns.answer("any", sticky)).toThrow("sticky-429 takes a connection, see createApnsMock.");
      expect(() => apns.answer("any", "Unregisterd" as "Unregistered")).toThrow("Unregisterd is no reason of APNs");
      await Promise.resolve();
    });
  });
});
