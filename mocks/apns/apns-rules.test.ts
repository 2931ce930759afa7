import { createPublicKey } from "node:crypto";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createApnsCredentials } from "./apns-credentials.ts";
import type { ApnsConnectionState, ApnsContext, ApnsRequest } from "./apns-request.ts";
import { evaluateApnsRequest } from "./apns-rule.ts";
import { apnsRules } from "./apns-rules.ts";
import { createProviderTokenReader } from "./provider-token.ts";
import type { ProviderTokenReading } from "./provider-token.ts";
import { signProviderToken } from "./testing/provider-token-fixture.ts";

const NOW_S = 1_800_000_000;
const TOKEN = "ab".repeat(32);
const CREDENTIALS = createApnsCredentials();
const CONTEXT: ApnsContext = {
  nowMs: NOW_S * 1000,
  topic: "com.example.phone.voip",
  teamId: CREDENTIALS.teamId,
  keyId: CREDENTIALS.keyId,
  expirationMaxS: 30,
  strictRefresh: false,
  lookUpToken: (token) => ({ state: token === TOKEN ? "current" : "unknown" }),
};
const HEADERS = {
  authorization: "bearer x",
  "apns-topic": CONTEXT.topic,
  "apns-push-type": "voip",
  "apns-expiration": "0",
} as const;
const read = createProviderTokenReader(createPublicKey(CREDENTIALS.p8Pem));

let goodToken: ProviderTokenReading;
beforeAll(async () => {
  goodToken = await read(`bearer ${await signProviderToken(CREDENTIALS, NOW_S)}`);
});

/** A request that breaks no rule but where said; a header set to undefined is left out. */
function request(
  change: Partial<ApnsRequest> = {},
  headers: Readonly<Record<string, string | undefined>> = {},
): ApnsRequest {
  return {
    method: "POST",
    path: `/3/device/${TOKEN}`,
    headers: Object.entries({ ...HEADERS, ...headers }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
    body: Buffer.from('{"callId":"1"}'),
    providerToken: goodToken,
    connection: { id: "apns-1", providerTokens: [{ fingerprint: "a", issuedAtS: NOW_S, firstSeenMs: NOW_S * 1000 }] },
    ...change,
  };
}

const withHeader = (name: string, value: string | undefined) => () => request({}, { [name]: value });
const withBody = (body: string) => () => request({ body: Buffer.from(body) });
const withPath = (path: string) => () => request({ path });
const withCertificate = (accepted: boolean, topics: readonly string[]): ApnsConnectionState => ({
  id: "apns-1",
  providerTokens: [],
  clientCertificate: { subject: "UID=com.example.phone", accepted, topics },
});
const withToken =
  (issuedAtS: unknown, wrong: Parameters<typeof signProviderToken>[2] = {}) =>
  async () =>
    request({ providerToken: await read(`bearer ${await signProviderToken(CREDENTIALS, issuedAtS, wrong)}`) });

/** For each rule (by id, mismatch and answer) requests that break it and no other. */
const breaking: Readonly<Record<string, readonly (() => ApnsRequest | Promise<ApnsRequest>)[]>> = {
  "apns/method method-not-post 405 MethodNotAllowed": [() => request({ method: "PUT" })],
  "apns/path missing-device-token 400 MissingDeviceToken": [withPath("/3/device/"), withPath("/3/device")],
  "apns/path bad-path 404 BadPath": [
    withPath(`/device/${TOKEN}`),
    withPath(`/3/device/${TOKEN}/more`),
    withPath(`/3/device/${TOKEN}?x=1`),
    withPath(""),
  ],
  "apns/duplicate-headers repeated-header 400 DuplicateHeaders": [
    () => request({ headers: [...request().headers, ["apns-topic", CONTEXT.topic]] }),
    () => request({ headers: [...request().headers, ["authorization", "bearer y"]] }),
  ],
  "apns/authentication bad-certificate 403 BadCertificate": [
    () => request({ connection: withCertificate(false, [CONTEXT.topic]) }),
  ],
  "apns/authentication missing-provider-token 403 MissingProviderToken": [
    () => request({ providerToken: { kind: "none" } }),
  ],
  "apns/authentication invalid-provider-token 403 InvalidProviderToken": [
    () => request({ providerToken: { kind: "unreadable", fingerprint: "b", why: "not a JSON Web Token" } }),
    withToken(NOW_S, { kid: "OTHERKEYID" }),
    withToken(NOW_S, { iss: "OTHERTEAMS" }),
    withToken(NOW_S, { p8Pem: createApnsCredentials().p8Pem }),
    withToken(`${NOW_S}`),
    withToken(NOW_S + 3601),
  ],
  "apns/provider-token-age expired-provider-token 403 ExpiredProviderToken": [withToken(NOW_S - 3601)],
  "apns/message-id not-a-uuid 400 BadMessageId": [withHeader("apns-id", "call-1"), withHeader("apns-id", "")],
  "apns/message-id not-a-uuid 200": [withHeader("apns-id", "123E4567-E89B-12D3-A456-426614174000")],
  "apns/collapse-id too-long 400 BadCollapseId": [withHeader("apns-collapse-id", "c".repeat(65))],
  "apns/priority bad-priority 400 BadPriority": [withHeader("apns-priority", "high"), withHeader("apns-priority", "9")],
  "apns/priority not-immediate 200": [withHeader("apns-priority", "5"), withHeader("apns-priority", "1")],
  "apns/expiration bad-expiration 400 BadExpirationDate": [
    withHeader("apns-expiration", "soon"),
    withHeader("apns-expiration", "1.5"),
    withHeader("apns-expiration", ""),
  ],
  "apns/expiration missing 200": [withHeader("apns-expiration", undefined)],
  "apns/expiration not-epoch 200": [withHeader("apns-expiration", "120")],
  "apns/expiration too-late 200": [
    withHeader("apns-expiration", `${NOW_S + 31}`),
    withHeader("apns-expiration", `${NOW_S + 86_400}`),
  ],
  "apns/push-type invalid-push-type 400 InvalidPushType": [withHeader("apns-push-type", "call")],
  "apns/push-type not-voip 400 InvalidPushType": [withHeader("apns-push-type", "alert")],
  "apns/push-type missing-push-type 200": [withHeader("apns-push-type", undefined)],
  "apns/topic missing-topic 400 MissingTopic": [withHeader("apns-topic", undefined), withHeader("apns-topic", "")],
  "apns/topic topic-disallowed 400 BadTopic": [withHeader("apns-topic", "com.example.phone.voip, x.voip")],
  "apns/topic topic-not-voip 400 DeviceTokenNotForTopic": [withHeader("apns-topic", "com.example.phone")],
  "apns/topic topic-disallowed 400 TopicDisallowed": [
    withHeader("apns-topic", "com.example.other.voip"),
    () => request({ connection: withCertificate(true, ["com.example.other.voip"]) }),
  ],
  "apns/payload empty 400 PayloadEmpty": [withBody("")],
  "apns/payload-size too-large 413 PayloadTooLarge": [
    withBody(`{"a":"${"x".repeat(5113)}"}`),
    withBody(`{"a":"${"é".repeat(2557)}"}`),
  ],
  "apns/payload compressed 200": [withHeader("content-encoding", "gzip")],
  "apns/payload not-a-json-object 200": [
    withBody("call"),
    withBody("[]"),
    withBody("null"),
    withBody("1"),
    () => request({ body: Uint8Array.of(0x7b, 0xff, 0x7d) }),
  ],
  "apns/device-token token-not-hex 400 BadDeviceToken": [withPath("/3/device/xyz")],
  "apns/device-token unknown-token 400 BadDeviceToken": [withPath(`/3/device/${TOKEN.slice(1)}`)],
  "apns/provider-token-refresh refreshed-too-often 429 TooManyProviderTokenUpdates": [
    () =>
      request({
        connection: {
          id: "apns-1",
          providerTokens: [
            { fingerprint: "b", issuedAtS: NOW_S - 60, firstSeenMs: NOW_S * 1000 - 1_199_000 },
            { fingerprint: "a", issuedAtS: NOW_S, firstSeenMs: NOW_S * 1000 },
          ],
        },
      }),
  ],
};

const nameOf = (rule: (typeof apnsRules)[number]) =>
  `${rule.id} ${rule.mismatch} ${rule.class === "R" ? `${rule.status} ${rule.reason}` : "200"}`;

describe("the rules of the simulated APNs", () => {
  test("accept a push that breaks none, and draw no finding", () => {
    expect(evaluateApnsRequest(apnsRules, request(), { ...CONTEXT, strictRefresh: true })).toEqual({
      status: 200,
      findings: [],
    });
  });

  test.each([
    ["a token in upper-case hex", withPath(`/3/device/${TOKEN.toUpperCase()}`)],
    ["an apns-id in canonical form", withHeader("apns-id", "123e4567-e89b-12d3-a456-426614174000")],
    ["a collapse id of 64 bytes", withHeader("apns-collapse-id", "c".repeat(64))],
    ["priority 10", withHeader("apns-priority", "10")],
    ["the latest expiration", withHeader("apns-expiration", `${NOW_S + 30}`)],
    ["an expiration that is over", withHeader("apns-expiration", `${NOW_S - 5}`)],
    ["a body of 5120 bytes", withBody(`{"a":"${"x".repeat(5112)}"}`)],
    ["identity content encoding", withHeader("content-encoding", "identity")],
    ["a provider token an hour old", withToken(NOW_S - 3600)],
    ["a provider token an hour ahead", withToken(NOW_S + 3600)],
    [
      "a client certificate, whatever the provider token",
      () => request({ connection: withCertificate(true, [CONTEXT.topic]), providerToken: { kind: "none" } }),
    ],
  ])("accept %s", async (_what, make) => {
    expect(evaluateApnsRequest(apnsRules, await make(), CONTEXT)).toEqual({ status: 200, findings: [] });
  });

  test("accept a replaced token, as it was issued once", () => {
    const context: ApnsContext = { ...CONTEXT, lookUpToken: () => ({ state: "replaced" }) };
    expect(evaluateApnsRequest(apnsRules, request(), context).status).toBe(200);
  });

  test("are all covered by a request that breaks them", () => {
    const covered = new Set(Object.keys(breaking));
    const names = new Set(
      apnsRules.filter((rule) => !(rule.class === "W" && rule.mismatch === "not-voip")).map(nameOf),
    );
    expect([...covered].sort()).toEqual([...names].sort());
  });

  test.each(
    Object.entries(breaking).flatMap(([name, makes]) => makes.map((make, index) => [name, index, make] as const)),
  )("find %s (%i)", async (name, _index, make) => {
    const [rule, mismatch, status, reason] = name.split(" ");
    const verdict = evaluateApnsRequest(apnsRules, await make(), { ...CONTEXT, strictRefresh: true });
    expect(verdict).toEqual({
      status: Number(status),
      ...(reason === undefined ? {} : { reason }),
      findings: [{ rule, mismatch, expected: expect.any(String), actual: expect.any(String) }],
    });
  });

  test("find a wrong push type beside a topic that is not voip, where the topic decides the answer", () => {
    const verdict = evaluateApnsRequest(
      apnsRules,
      request({}, { "apns-topic": "com.example.phone", "apns-push-type": "alert" }),
      CONTEXT,
    );
    expect(verdict.reason).toBe("DeviceTokenNotForTopic");
    expect(verdict.findings.map(({ mismatch }) => mismatch)).toEqual(["not-voip", "topic-not-voip"]);
  });

  test("leave a refreshed provider token to the judges unless they are strict", () => {
    const refreshed =
      breaking["apns/provider-token-refresh refreshed-too-often 429 TooManyProviderTokenUpdates"]?.[0]?.();
    expect(evaluateApnsRequest(apnsRules, refreshed as ApnsRequest, CONTEXT)).toEqual({ status: 200, findings: [] });
  });

  test("do not count a provider token signed again with the same iat as a refresh", () => {
    const connection: ApnsConnectionState = {
      id: "apns-1",
      providerTokens: [
        { fingerprint: "a", issuedAtS: NOW_S, firstSeenMs: NOW_S * 1000 - 2000 },
        { fingerprint: "b", issuedAtS: NOW_S, firstSeenMs: NOW_S * 1000 - 1000 },
      ],
    };
    const verdict = evaluateApnsRequest(apnsRules, request({ connection }), { ...CONTEXT, strictRefresh: true });
    expect(verdict.status).toBe(200);
  });

  test("the first broken R rule decides, every broken W rule is found besides, whatever the request", () => {
    const header = fc.option(fc.oneof(fc.string(), fc.constantFrom("0", "5", "10", "voip", "alert", CONTEXT.topic)), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        fc.record({
          method: fc.constantFrom("POST", "GET"),
          path: fc.oneof(fc.constant(`/3/device/${TOKEN}`), fc.string()),
          body: fc.uint8Array(),
        }),
        fc.dictionary(
          fc.constantFrom("apns-id", "apns-topic", "apns-push-type", "apns-priority", "apns-expiration"),
          header,
          { noNullPrototype: true },
        ),
        (change, headers) => {
          const broken = request(change, headers);
          const verdict = evaluateApnsRequest(apnsRules, broken, CONTEXT);
          const failing = apnsRules.filter((rule) => rule.check(broken, CONTEXT) !== undefined);
          const decisive = failing.find((rule) => rule.class === "R");
          expect([verdict.status, verdict.reason]).toEqual(
            decisive?.class === "R" ? [decisive.status, decisive.reason] : [200, undefined],
          );
          const expected = failing.filter((rule) => rule.class === "W" || rule === decisive);
          expect(verdict.findings.map(({ rule, mismatch }) => [rule, mismatch])).toEqual(
            expected.map(({ id, mismatch }) => [id, mismatch]),
          );
        },
      ),
    );
  });
});
