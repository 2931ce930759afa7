import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ApnsProfile } from "./apns-profile.ts";
import { readHeaders, readPush } from "./apns-push.ts";
import type { ApnsRequest } from "./apns-push.ts";
import { apnsReasons, FIELD_SPELLING, statusOfReason } from "./apns-reason.ts";
import { apnsRules } from "./apns-rules.ts";
import type { ApnsService } from "./apns-service.ts";
import { openedConnection } from "./connection-state.ts";
import type { ApnsConnectionState, ClientCertificate } from "./connection-state.ts";
import {
  alertPush,
  BUNDLE_ID,
  callPush,
  judged,
  keys,
  NOW_S,
  service,
  tokens,
  TOPIC,
} from "./testing/apns-push-fixture.ts";
import { signProviderToken } from "./testing/provider-token-fixture.ts";
import type { WrongParts } from "./testing/provider-token-fixture.ts";

const CALLS = service();
const ANY = service({ topic: undefined });
const with_ = (profile: Partial<ApnsProfile>) => service({ profile });

interface Row {
  readonly by?: ApnsService;
  readonly push: ApnsRequest;
  readonly connection?: ApnsConnectionState;
  readonly nowMs?: number;
}

const header = (name: string, value: string | undefined): Row => ({ push: callPush({}, { [name]: value }) });
const path = (text: string): Row => ({ push: callPush({ path: text }) });
const device = (token: string): Row => path(`/3/device/${token}`);
const body = (text: string | Uint8Array): Row => ({ push: callPush({ body: Buffer.from(text) }) });
const token = (issuedAtS: unknown, wrong: WrongParts = {}, key = keys.main): Row =>
  header("authorization", `bearer ${signProviderToken(key, issuedAtS, wrong)}`);
const typed = (pushType: string | undefined, topic: string, more: Readonly<Record<string, string>> = {}): Row => ({
  by: ANY,
  push: alertPush({}, { "apns-push-type": pushType, "apns-topic": topic, ...more }),
});
const certified = (certificate: Partial<ClientCertificate>, push = callPush()): Row => ({
  push,
  connection: openedConnection("apns-1", CALLS.profile, {
    subject: `UID=${BUNDLE_ID}`,
    accepted: true,
    topics: [BUNDLE_ID, TOPIC],
    environments: ["production", "sandbox"],
    ...certificate,
  }),
});
/** A second push, with the token of another key, on a connection that began with `first`. */
const afterKey = (first: keyof typeof keys, then: keyof typeof keys, by = CALLS): Row => ({
  ...token(NOW_S, {}, keys[then]),
  by,
  connection: judged(by, token(NOW_S - 1800, {}, keys[first]).push, undefined, (NOW_S - 1800) * 1000).connection,
});
/** A push with a newer provider token, `afterS` after the first. */
const refreshed = (by: ApnsService, afterS: number, wrong: WrongParts = {}): Row => ({
  ...token(NOW_S, wrong),
  by,
  connection: judged(by, token(NOW_S - afterS).push, undefined, (NOW_S - afterS) * 1000).connection,
});
const rejecting = (fault: ApnsProfile["rejects"][number], row: Row): Row => ({
  ...row,
  by: with_({ rejects: [fault] }),
});
const third = (): Row => {
  const by = with_({ requestsPerToken: { count: 2, perMs: 1000 } });
  judged(by, callPush());
  judged(by, callPush());
  return { by, push: callPush() };
};

/** For each rule (id, mismatch and answer), in the order of the reference, pushes that break it and no other. */
const breaking: Readonly<Record<string, readonly Row[]>> = {
  "apns/method method-not-post 405 MethodNotAllowed": [{ push: callPush({ method: "PUT" }) }],
  "apns/path missing-device-token 400 MissingDeviceToken": [path("/3/device/"), path("/3/device")],
  "apns/path bad-path 404 BadPath": [
    path(`/device/${tokens.good}`),
    path(`/3/device/${tokens.good}/more`),
    path(`/3/device/${tokens.good}?x=1`),
    path(""),
  ],
  "apns/duplicate-headers repeated-header 400 DuplicateHeaders": [
    { push: callPush({ headers: [...callPush().headers, ["apns-topic", TOPIC]] }) },
    { push: callPush({ headers: [...callPush().headers, ["authorization", "bearer y"]] }) },
    { push: callPush({ headers: [...callPush().headers, ["apns-new", "1"], ["apns-new", "2"]] }) },
  ],
  "apns/authentication bad-certificate 403 BadCertificate": [certified({ accepted: false })],
  "apns/authentication bad-certificate-environment 403 BadCertificateEnvironment": [
    certified({ environments: ["sandbox"] }),
  ],
  "apns/authentication missing-provider-token 403 MissingProviderToken": [
    header("authorization", undefined),
    header("authorization", ""),
    header("authorization", "bearer"),
  ],
  "apns/authentication invalid-provider-token 403 InvalidProviderToken": [
    header("authorization", "bearer x"),
    header("authorization", "Basic dXNlcjpwYXNz"),
    token(NOW_S, { alg: "none" }),
    token(NOW_S, { alg: "RS256" }),
    token(NOW_S, { kid: "OTHERKEYID" }),
    token(NOW_S, { iss: "OTHERTEAMS" }),
    token(NOW_S, { p8Pem: keys.second.p8Pem }),
    token(NOW_S, { isDer: true }),
    token(`${NOW_S}000`),
    token(undefined),
    token(NOW_S + 3601),
  ],
  "apns/authentication wrong-team 403 InvalidProviderToken": [afterKey("main", "otherTeam")],
  "apns/authentication wrong-team 403 Forbidden": [
    afterKey("main", "otherTeam", with_({ otherTeamReason: "Forbidden" })),
  ],
  "apns/authentication wrong-environment-key 403 BadEnvironmentKeyInToken": [token(NOW_S, {}, keys.sandbox)],
  "apns/authentication wrong-environment-key 403 BadEnvironmentKeyIdInToken": [
    { ...token(NOW_S, {}, keys.sandbox), by: with_({ environmentKeyReason: "BadEnvironmentKeyIdInToken" }) },
  ],
  "apns/authentication unrelated-key 403 UnrelatedKeyIdInToken": [
    afterKey("main", "topicSpecific"),
    afterKey("topicSpecific", "main"),
    afterKey("topicSpecific", "otherTopic", service({ topic: undefined })),
  ],
  "apns/authentication scheme-case 200": [
    header("authorization", `Bearer ${signProviderToken(keys.main, NOW_S)}`),
    header("authorization", `BEARER ${signProviderToken(keys.main, NOW_S)}`),
  ],
  "apns/authentication scheme-case 403 InvalidProviderToken": [
    rejecting("scheme-case", header("authorization", `Bearer ${signProviderToken(keys.main, NOW_S)}`)),
  ],
  "apns/provider-token-age expired-provider-token 403 ExpiredProviderToken": [token(NOW_S - 3601)],
  "apns/message-id not-a-uuid 400 BadMessageId": [
    header("apns-id", "call-1"),
    header("apns-id", ""),
    header("apns-id", "123e4567e89b12d3a456426614174000"),
    rejecting("upper-case-message-id", header("apns-id", "123E4567-E89B-12D3-A456-426614174000")),
  ],
  "apns/message-id not-a-uuid 200": [header("apns-id", "123E4567-E89B-12D3-A456-426614174000")],
  "apns/collapse-id too-long 400 BadCollapseId": [header("apns-collapse-id", "c".repeat(65))],
  "apns/priority bad-priority 400 BadPriority": [
    header("apns-priority", "high"),
    header("apns-priority", "9"),
    header("apns-priority", "010"),
  ],
  "apns/priority not-immediate 200": [header("apns-priority", "5"), header("apns-priority", "1")],
  "apns/priority background-immediate 200": [
    typed("background", BUNDLE_ID, { "apns-priority": "10" }),
    typed("background", BUNDLE_ID),
  ],
  "apns/priority background-immediate 400 BadPriority": [
    {
      ...typed("background", BUNDLE_ID),
      by: service({ topic: undefined, profile: { rejects: ["background-immediate"] } }),
    },
  ],
  "apns/expiration bad-expiration 400 BadExpirationDate": [
    header("apns-expiration", "soon"),
    header("apns-expiration", "1.5"),
    header("apns-expiration", "-1"),
    header("apns-expiration", ""),
  ],
  "apns/expiration missing 200": [
    header("apns-expiration", undefined),
    { ...header("apns-expiration", undefined), by: ANY },
  ],
  "apns/expiration not-epoch 200": [header("apns-expiration", "120"), header("apns-expiration", "10")],
  "apns/expiration not-epoch 400 BadExpirationDate": [rejecting("ttl-as-date", header("apns-expiration", "120"))],
  "apns/expiration too-late 200": [
    header("apns-expiration", `${NOW_S + 31}`),
    header("apns-expiration", `${NOW_S + 86_400}`),
  ],
  "apns/push-type invalid-push-type 400 InvalidPushType": [
    header("apns-push-type", "call"),
    header("apns-push-type", ""),
    header("apns-push-type", "VOIP"),
    typed("constructor", BUNDLE_ID),
  ],
  "apns/push-type not-voip 400 InvalidPushType": [
    header("apns-push-type", "alert"),
    header("apns-push-type", "pushtotalk"),
    typed("alert", TOPIC, { "apns-expiration": "0" }),
  ],
  "apns/push-type not-of-the-topic 400 InvalidPushType": [
    typed("alert", `${BUNDLE_ID}.push-type.liveactivity`),
    typed("liveactivity", `${BUNDLE_ID}.complication`),
  ],
  "apns/push-type missing-push-type 200": [header("apns-push-type", undefined), typed(undefined, BUNDLE_ID)],
  "apns/push-type missing-push-type 400 InvalidPushType": [
    rejecting("missing-push-type", header("apns-push-type", undefined)),
  ],
  "apns/broadcast-headers broadcast-header 200": [
    header("apns-request-id", "123e4567-e89b-12d3-a456-426614174000"),
    header("apns-channel-id", "dHN0LXNyY2gtY2hubA=="),
  ],
  "apns/topic missing-topic 400 MissingTopic": [
    header("apns-topic", undefined),
    header("apns-topic", ""),
    certified({}, callPush({}, { "apns-topic": undefined })),
  ],
  "apns/topic topic-disallowed 400 BadTopic": [
    header("apns-topic", `${TOPIC}, x.voip`),
    header("apns-topic", "com.example.phoné.voip"),
  ],
  "apns/topic topic-not-voip 400 DeviceTokenNotForTopic": [
    header("apns-topic", BUNDLE_ID),
    typed("voip", BUNDLE_ID, { "apns-expiration": "0" }),
  ],
  "apns/topic not-of-the-push-type 400 DeviceTokenNotForTopic": [
    typed("liveactivity", BUNDLE_ID),
    typed("location", BUNDLE_ID),
  ],
  "apns/topic topic-disallowed 400 TopicDisallowed": [
    header("apns-topic", "com.example.other.voip"),
    certified({ topics: ["com.example.other", "com.example.other.voip"] }),
    certified({ topics: [BUNDLE_ID] }),
    token(NOW_S, {}, keys.otherTopic),
    { ...typed("alert", "com.example.other"), by: service({ topic: undefined, bundleIds: [BUNDLE_ID] }) },
  ],
  "apns/payload empty 400 PayloadEmpty": [body("")],
  "apns/payload-size too-large 413 PayloadTooLarge": [
    body(`{"a":"${"x".repeat(5113)}"}`),
    body(`{"a":"${"é".repeat(2557)}"}`),
    { push: callPush({ body: Buffer.alloc(65_536, "{"), isCut: true }) },
    { by: ANY, push: alertPush({ body: Buffer.from(`{"a":"${"x".repeat(4089)}"}`) }) },
  ],
  "apns/payload compressed 200": [
    header("content-encoding", "gzip"),
    { push: callPush({ body: Uint8Array.of(0x1f, 0x8b, 0x08) }, { "content-encoding": "gzip" }) },
  ],
  "apns/payload not-a-json-object 200": [
    body("call"),
    body("[]"),
    body("null"),
    body("1"),
    body(Uint8Array.of(0x7b, 0xff, 0x7d)),
  ],
  "apns/payload compressed 400 PayloadEmpty": [rejecting("unreadable-payload", header("content-encoding", "gzip"))],
  "apns/payload not-a-json-object 400 PayloadEmpty": [rejecting("unreadable-payload", body("call"))],
  "apns/device-token token-not-hex 400 BadDeviceToken": [
    device("xyz"),
    device("%61b"),
    device("ab-cd"),
    device(tokens.good.slice(1)),
  ],
  "apns/device-token unknown-token 400 BadDeviceToken": [device(tokens.unknown), device(tokens.good.slice(2))],
  "apns/device-token other-environment 400 BadDeviceToken": [device(tokens.sandbox)],
  "apns/device-token expired 410 ExpiredToken": [device(tokens.expired)],
  "apns/device-token unregistered 410 Unregistered": [device(tokens.unregistered)],
  "apns/device-token other-topic 400 DeviceTokenNotForTopic": [device(tokens.alertOnly)],
  "apns/provider-token-refresh refreshed-too-often 429 TooManyProviderTokenUpdates": [
    refreshed(with_({ refresh: "strict" }), 1199),
    refreshed(with_({ refresh: "strict", refreshCountedBy: "text" }), 1),
  ],
  "apns/provider-token-refresh refreshed-too-often 200": [refreshed(with_({ refresh: "warned" }), 1199)],
  "apns/request-rate too-many-requests 429 TooManyRequests": [third()],
};

const nameOf = (rule: (typeof apnsRules)[number]): readonly string[] => {
  const name = (answer: string) => `${rule.id} ${rule.mismatch} ${answer}`;
  if (rule.class === "R") return [name(`${rule.status} ${rule.reason}`)];
  const rejection = rule.orRejects;
  return [name("200"), ...(rejection === undefined ? [] : [name(`${rejection.status} ${rejection.reason}`)])];
};

const NO_FINDING = { status: 200, findings: [] } as const;
const saidTo = ({ by = CALLS, push, connection, nowMs }: Row) => {
  const { findings, verdictByRules } = judged(by, push, connection, nowMs).push;
  const { status, reason } = verdictByRules;
  return { status, ...(reason === undefined ? {} : { reason }), findings };
};

describe("the rules of the simulated APNs", () => {
  test("accept a push for a call that breaks none, and draw no finding", () => {
    expect(saidTo({ push: callPush() })).toEqual(NO_FINDING);
    expect(saidTo({ push: callPush(), by: ANY })).toEqual(NO_FINDING);
  });

  const accepted: readonly (readonly [string, Row])[] = [
    ["a token in upper-case hex", device(tokens.good.toUpperCase())],
    ["a token longer than usual", device(tokens.long)],
    ["a token that was replaced, as it was issued once", device(tokens.replaced)],
    ["an apns-id in canonical form", header("apns-id", "123e4567-e89b-12d3-a456-426614174000")],
    ["a collapse id of 64 bytes", header("apns-collapse-id", "c".repeat(64))],
    ["priority 10", header("apns-priority", "10")],
    ["the latest expiration", header("apns-expiration", `${NOW_S + 30}`)],
    ["an expiration that is over", header("apns-expiration", `${NOW_S - 5}`)],
    ["a body of 5120 bytes", body(`{"a":"${"x".repeat(5112)}"}`)],
    ["an alert of 4096 bytes", { by: ANY, push: alertPush({ body: Buffer.from(`{"a":"${"x".repeat(4088)}"}`) }) }],
    ["identity content encoding", header("content-encoding", "identity")],
    ["a provider token an hour old", token(NOW_S - 3600)],
    ["a provider token an hour ahead", token(NOW_S + 3600)],
    ["a client certificate and no provider token", certified({}, callPush({}, { authorization: undefined }))],
    ["a client certificate beside a bad provider token", certified({}, callPush({}, { authorization: "bearer x" }))],
    [
      "a client certificate for one topic in place of apns-topic",
      certified({ topics: [TOPIC] }, callPush({}, { "apns-topic": undefined })),
    ],
    ["a second team-scoped key", afterKey("main", "second")],
    ["a topic-specific key and its relative", afterKey("topicSpecific", "relative")],
    ["an alert", typed("alert", BUNDLE_ID)],
    ["a background push of priority 5", typed("background", BUNDLE_ID, { "apns-priority": "5" })],
    [
      "an alert that may wait",
      typed("alert", BUNDLE_ID, { "apns-priority": "5", "apns-expiration": `${NOW_S + 86_400}` }),
    ],
    ["a complication", typed("complication", `${BUNDLE_ID}.complication`)],
    ["a control", typed("controls", `${BUNDLE_ID}.push-type.controls`)],
    ["a file provider", typed("fileprovider", `${BUNDLE_ID}.pushkit.fileprovider`)],
    ["a live activity", typed("liveactivity", `${BUNDLE_ID}.push-type.liveactivity`)],
    ["a location query", typed("location", `${BUNDLE_ID}.location-query`)],
    ["device management", typed("mdm", "com.apple.mgmt.External.6b7c")],
    ["push to talk", typed("pushtotalk", `${BUNDLE_ID}.voip-ptt`)],
    ["a widget", typed("widgets", `${BUNDLE_ID}.push-type.widgets`)],
    [
      "a known app",
      {
        ...typed("widgets", `${BUNDLE_ID}.push-type.widgets`),
        by: service({ topic: undefined, bundleIds: [BUNDLE_ID] }),
      },
    ],
    ["a token of the sandbox there", { ...device(tokens.sandbox), by: service({ environment: "sandbox" }) }],
    [
      "a key of the sandbox there",
      {
        ...token(NOW_S, {}, keys.sandbox),
        by: service({ environment: "sandbox", lookUpToken: () => ({ state: "current", environment: "sandbox" }) }),
      },
    ],
    ["a provider token refreshed after 20 minutes", refreshed(with_({ refresh: "strict" }), 1200)],
    ["a refresh that only the judges look at", refreshed(CALLS, 60)],
  ];
  test.each(accepted)("accept %s", (_what, row) => {
    expect(saidTo(row)).toEqual(NO_FINDING);
  });

  test("are all covered by a push that breaks them, whatever is doubtful about them", () => {
    // A push for a call that is neither of push type voip nor to a .voip topic breaks two rules, see below.
    const names = apnsRules
      .filter(({ class: kind, mismatch }) => kind === "R" || mismatch !== "not-voip")
      .flatMap(nameOf);
    expect(Object.keys(breaking).sort()).toEqual([...new Set(names)].sort());
  });

  test.each(Object.entries(breaking).flatMap(([name, rows]) => rows.map((row, index) => [name, index, row] as const)))(
    "find %s (%i)",
    (name, _index, row) => {
      const [rule, mismatch, status, reason] = name.split(" ");
      expect(saidTo(row)).toEqual({
        status: Number(status),
        ...(reason === undefined ? {} : { reason }),
        findings: [{ rule, mismatch, expected: expect.any(String), actual: expect.any(String) }],
      });
    },
  );

  test("give each reason the status that Apple's table has for it", () => {
    for (const rule of apnsRules) {
      if (rule.class === "W") continue;
      const documented = rule.reason === FIELD_SPELLING ? "BadEnvironmentKeyIdInToken" : rule.reason;
      expect([documented, rule.status]).toEqual([documented, statusOfReason(documented)]);
    }
    expect(apnsReasons).toHaveLength(32);
  });

  test("find a wrong push type beside a topic that is not voip, where the topic decides the answer", () => {
    const said = saidTo({ push: callPush({}, { "apns-topic": BUNDLE_ID, "apns-push-type": "alert" }) });
    expect(said.reason).toBe("DeviceTokenNotForTopic");
    expect(said.findings.map(({ mismatch }) => mismatch)).toEqual(["not-voip", "topic-not-voip"]);
  });

  test("are looked at in the order of the profile", () => {
    const push = callPush({ path: `/3/device/${tokens.unknown}` }, { authorization: undefined, "apns-id": "1" });
    expect(saidTo({ push }).reason).toBe("MissingProviderToken");
    const late = with_({ order: ["headers", "device-token", "authentication"] });
    expect(saidTo({ push, by: late }).reason).toBe("BadMessageId");
    const tokensFirst = with_({ order: ["device-token", "headers", "authentication"] });
    expect(saidTo({ push, by: tokensFirst }).reason).toBe("BadDeviceToken");
  });

  test("the first broken R rule decides, every broken W rule is found besides, whatever the push", () => {
    const value = fc.option(fc.oneof(fc.string(), fc.constantFrom("0", "5", "10", "voip", "alert", TOPIC)), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        fc.record({
          method: fc.constantFrom("POST", "GET"),
          path: fc.oneof(fc.constant(`/3/device/${tokens.good}`), fc.string()),
          body: fc.uint8Array(),
        }),
        fc.dictionary(
          fc.constantFrom("apns-id", "apns-topic", "apns-push-type", "apns-priority", "apns-expiration"),
          value,
          { noNullPrototype: true },
        ),
        fc.constantFrom(CALLS, ANY),
        (change, headers, by) => {
          const request = callPush(change, headers);
          const connection = openedConnection("apns-1", by.profile);
          const fields = readHeaders(request.headers);
          const push = readPush(
            request,
            fields,
            by.readProviderToken(fields.authorization),
            connection,
            by,
            NOW_S * 1000,
          );
          const failing = by.rules.filter((rule) => rule.check(push, by) !== undefined);
          const decisive = failing.find((rule) => rule.class === "R");
          const said = saidTo({ push: request, by });
          expect([said.status, said.reason]).toEqual(
            decisive?.class === "R" ? [decisive.status, decisive.reason] : [200, undefined],
          );
          const expected = failing.filter((rule) => rule.class === "W" || rule === decisive);
          expect(said.findings.map(({ rule, mismatch }) => [rule, mismatch])).toEqual(
            expected.map(({ id, mismatch }) => [id, mismatch]),
          );
        },
      ),
    );
  });
});
