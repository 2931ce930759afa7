import { beforeAll, describe, expect, test } from "vitest";
import type { FcmContext, FcmHttpRequest } from "./fcm-request.ts";
import type { FcmProfile } from "./fcm-profile.ts";
import { fcmRules } from "./fcm-rules.ts";
import { judgeFcmRequest } from "./judge-fcm-request.ts";
import type { FcmJudgement } from "./judge-fcm-request.ts";
import {
  fcmFixture,
  FOREIGN_TOKEN,
  goodMessage,
  GONE_TOKEN,
  NOW_MS,
  PACKAGE,
  STRANGE_TOKEN,
  TOKEN,
} from "./testing/fcm-fixture.ts";
import type { FcmFixture } from "./testing/fcm-fixture.ts";

let fixture: FcmFixture;
beforeAll(async () => {
  fixture = await fcmFixture();
});

interface Row {
  readonly rule: string;
  readonly request: () => FcmHttpRequest;
  readonly profile?: Partial<FcmProfile>;
  readonly more?: () => Partial<FcmContext>;
  readonly status: number;
  readonly reason?: string;
  /** Part of the error's message, or of the page. */
  readonly says?: string;
  readonly details?: readonly object[];
}

const FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
const BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest";
const ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";
const send = (message: unknown, change?: Partial<FcmHttpRequest>) => () => fixture.request({ message }, change);
const good = (change: Readonly<Record<string, unknown>>) => send(goodMessage(change));
const android = (change: Readonly<Record<string, unknown>>) =>
  good({ android: { priority: "HIGH", ttl: "30s", ...change } });
const path = (text: string, method = "POST") => send(goodMessage(), { path: text, method });
const header = (headers: Readonly<Record<string, string | undefined>>) => () =>
  fixture.request({ message: goodMessage() }, {}, headers);
const access = (grant: { readonly scopes: readonly string[]; readonly expiresAtMs: number }) => () =>
  header({
    authorization: `Bearer ${fixture.accessTokens.issue({ account: "a", issuedAtMs: 0, ...grant }).token}`,
  })();
const violation = (description: string, field?: string) => ({
  "@type": BAD_REQUEST,
  fieldViolations: [{ ...(field === undefined ? {} : { field }), description }],
});
const fields = (description: string, field?: string) =>
  ({
    status: 400,
    reason: "INVALID_ARGUMENT",
    says: description,
    details: [violation(description, field)],
  }) as const;
const refusedBy = (description: string, field: string) =>
  ({
    status: 400,
    reason: "INVALID_ARGUMENT",
    says: description,
    details: [violation(description, field), { "@type": FCM_ERROR, errorCode: "INVALID_ARGUMENT" }],
  }) as const;
const invalidCredentials = {
  status: 401,
  reason: "UNAUTHENTICATED",
  says: "Request had invalid authentication",
} as const;

const rows: readonly Row[] = [
  {
    rule: "fcm/endpoint legacy-endpoint",
    request: path("/fcm/send"),
    status: 404,
    reason: "NOT_FOUND",
    says: "/fcm/send",
  },
  { rule: "fcm/endpoint legacy-endpoint", request: path("/batch"), status: 404, reason: "NOT_FOUND", says: "/batch" },
  {
    // Managing topics is alive, on iid.googleapis.com: wrong here, and not dead.
    rule: "fcm/endpoint bad-path",
    request: path("/iid/v1:batchAdd"),
    status: 404,
    reason: "NOT_FOUND",
    says: "/iid/v1:batchAdd",
  },
  {
    rule: "fcm/endpoint legacy-endpoint",
    request: path("/fcm/send"),
    profile: { legacyAnswer: "deprecated-api" },
    status: 200,
    says: "DeprecatedApi",
  },
  {
    rule: "fcm/endpoint bad-path",
    request: path("/v1/projects/ringtrue-test/messages"),
    status: 404,
    reason: "NOT_FOUND",
    says: "Error 404 (Not Found)!!1",
  },
  { rule: "fcm/endpoint bad-path", request: path("/<script>"), status: 404, reason: "NOT_FOUND", says: "/&lt;script>" },
  {
    rule: "fcm/endpoint method-not-post",
    request: path("/v1/projects/ringtrue-test/messages:send", "GET"),
    status: 404,
    reason: "NOT_FOUND",
    says: "That’s an error",
  },
  {
    rule: "fcm/authentication missing-access-token",
    request: header({ authorization: undefined }),
    status: 401,
    reason: "UNAUTHENTICATED",
    says: "Request is missing required authentication credential. Expected OAuth 2 access token",
    details: [
      {
        "@type": ERROR_INFO,
        reason: "CREDENTIALS_MISSING",
        domain: "googleapis.com",
        metadata: { method: "google.firebase.fcm.v1.FcmService.SendMessage", service: "fcm.googleapis.com" },
      },
    ],
  },
  {
    rule: "fcm/authentication missing-access-token",
    request: header({ authorization: "key=AIzaSy" }),
    status: 401,
    reason: "UNAUTHENTICATED",
  },
  {
    rule: "fcm/authentication invalid-access-token",
    request: header({ authorization: "Bearer ya29.c.made.up" }),
    ...invalidCredentials,
  },
  {
    rule: "fcm/authentication invalid-access-token",
    request: () => header({ authorization: `Bearer ${fixture.accessToken}x` })(),
    ...invalidCredentials,
  },
  {
    rule: "fcm/authentication expired-access-token",
    request: access({ scopes: ["https://www.googleapis.com/auth/cloud-platform"], expiresAtMs: NOW_MS }),
    ...invalidCredentials,
    details: [expect.objectContaining({ reason: "ACCESS_TOKEN_EXPIRED" })],
  },
  {
    rule: "fcm/authentication wrong-scope",
    request: access({ scopes: ["email"], expiresAtMs: NOW_MS + 1 }),
    status: 403,
    reason: "PERMISSION_DENIED",
    says: "Request had insufficient authentication scopes.",
    details: [expect.objectContaining({ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" })],
  },
  {
    rule: "fcm/project wrong-project",
    request: path("/v1/projects/elsewhere/messages:send"),
    status: 403,
    reason: "PERMISSION_DENIED",
    says:
      "Permission 'cloudmessaging.messages.create' denied on resource " +
      "'//cloudresourcemanager.googleapis.com/projects/elsewhere' (or it may not exist).",
    details: [expect.objectContaining({ reason: "IAM_PERMISSION_DENIED" })],
  },
  {
    rule: "fcm/project wrong-project",
    request: path("/v1/projects/elsewhere/messages:send"),
    profile: { wrongProject: "not-found" },
    status: 404,
    reason: "NOT_FOUND",
  },
  {
    rule: "fcm/quota project-quota-exceeded",
    request: good({}),
    profile: { messagesPerMinute: 0 },
    status: 429,
    reason: "QUOTA_EXCEEDED",
    says: "Resource has been exhausted",
    details: [
      { "@type": FCM_ERROR, errorCode: "QUOTA_EXCEEDED" },
      expect.objectContaining({ "@type": "type.googleapis.com/google.rpc.QuotaFailure" }),
    ],
  },
  {
    rule: "fcm/quota token-quota-exceeded",
    request: good({}),
    profile: { messagesPerMinutePerToken: 0 },
    status: 429,
    reason: "QUOTA_EXCEEDED",
  },
  {
    rule: "fcm/json not-json",
    request: () => fixture.request("{"),
    ...fields("Invalid JSON payload received. Unexpected token."),
  },
  {
    rule: "fcm/json not-json",
    request: () => fixture.request('{"a":1}', {}, { "content-type": "application/x-www-form-urlencoded" }),
    status: 400,
    reason: "INVALID_ARGUMENT",
    says: `Unknown name "{"a":1}": Cannot bind query parameter.`,
  },
  {
    rule: "fcm/json not-an-object",
    request: () => fixture.request("[]"),
    ...fields('Invalid JSON payload received. Unknown name "": Root element must be a message.'),
  },
  { rule: "fcm/json not-an-object", request: () => fixture.request("null"), status: 400, reason: "INVALID_ARGUMENT" },
  {
    rule: "fcm/json no-message",
    request: () => fixture.request({}),
    ...refusedBy("Recipient of the message is not set.", "message"),
  },
  { rule: "fcm/json no-message", request: () => fixture.request(""), status: 400, reason: "INVALID_ARGUMENT" },
  {
    rule: "fcm/fields unknown-field",
    request: good({ time_to_live: 30 }),
    ...fields(`Invalid JSON payload received. Unknown name "time_to_live" at 'message': Cannot find field.`, "message"),
  },
  {
    rule: "fcm/fields unknown-field",
    request: () => fixture.request({ message: goodMessage(), to: TOKEN }),
    ...fields('Invalid JSON payload received. Unknown name "to": Cannot find field.'),
  },
  {
    rule: "fcm/fields unknown-field",
    request: android({ notification: { android_channel_id: "calls" } }),
    ...fields(
      `Invalid JSON payload received. Unknown name "android_channel_id" at 'message.android.notification': Cannot find field.`,
      "message.android.notification",
    ),
  },
  {
    rule: "fcm/fields wrong-type",
    request: android({ collapse_key: 12 }),
    ...fields("Invalid value at 'message.android.collapse_key' (TYPE_STRING), 12", "message.android.collapse_key"),
  },
  {
    rule: "fcm/fields wrong-type",
    request: android({ directBootOk: "perhaps" }),
    ...fields("Invalid value at 'message.android.direct_boot_ok' (TYPE_BOOL), \"perhaps\""),
    details: [expect.objectContaining({ "@type": BAD_REQUEST })],
  },
  {
    rule: "fcm/fields wrong-type",
    request: good({ data: [] }),
    ...fields("Invalid value at 'message' (Map), Cannot bind a list to map for field 'data'.", "message"),
  },
  {
    rule: "fcm/fields wrong-type",
    request: good({ token: [TOKEN] }),
    ...fields(
      `Invalid JSON payload received. Unknown name "token" at 'message': Proto field is not repeating, cannot start list.`,
      "message",
    ),
  },
  {
    rule: "fcm/fields wrong-type",
    request: good({ topic: undefined, notification: "ring" }),
    ...fields(
      `Invalid value at 'message.notification' (type.googleapis.com/google.firebase.fcm.v1.Notification), "ring"`,
      "message.notification",
    ),
  },
  {
    rule: "fcm/data value-not-a-string",
    request: good({ data: { number: 12 } }),
    ...fields("Invalid value at 'message.data[0].value' (TYPE_STRING), 12", "message.data[0].value"),
  },
  {
    rule: "fcm/data value-not-a-string",
    request: android({ data: { a: "1", b: true } }),
    ...fields("Invalid value at 'message.android.data[1].value' (TYPE_STRING), true", "message.android.data[1].value"),
  },
  {
    rule: "fcm/data value-not-a-string",
    request: good({ data: { nested: {} } }),
    ...fields("Invalid value at 'message.data[0]' (value), Starting an object on a scalar field", "message.data[0]"),
  },
  {
    rule: "fcm/priority bad-priority",
    request: android({ priority: "urgent" }),
    ...fields(
      `Invalid value at 'message.android.priority' (type.googleapis.com/google.firebase.fcm.v1.AndroidMessagePriority), "urgent"`,
      "message.android.priority",
    ),
  },
  {
    rule: "fcm/ttl bad-ttl",
    request: android({ ttl: "30" }),
    ...fields(
      "Invalid value at 'message.android.ttl' (type.googleapis.com/google.protobuf.Duration), Field 'ttl', " +
        "Illegal duration format; duration must end with 's'",
      "message.android.ttl",
    ),
  },
  {
    rule: "fcm/ttl bad-ttl",
    request: android({ ttl: 30 }),
    ...fields(
      "Invalid value at 'message.android.ttl' (type.googleapis.com/google.protobuf.Duration), Field 'ttl', " +
        "Invalid data type for duration, value is 30",
      "message.android.ttl",
    ),
  },
  { rule: "fcm/ttl bad-ttl", request: android({ ttl: "2419201s" }), status: 400, reason: "INVALID_ARGUMENT" },
  { rule: "fcm/ttl bad-ttl", request: android({ ttl: "-0.5s" }), status: 400, reason: "INVALID_ARGUMENT" },
  {
    rule: "fcm/recipient several-recipients",
    request: good({ topic: "calls" }),
    ...fields("Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set 'topic'", "message"),
  },
  {
    rule: "fcm/recipient no-recipient",
    request: good({ token: undefined }),
    ...refusedBy("Recipient of the message is not set.", "message"),
  },
  { rule: "fcm/recipient no-recipient", request: good({ token: "" }), status: 400, reason: "INVALID_ARGUMENT" },
  {
    rule: "fcm/recipient bad-topic",
    request: good({ token: undefined, topic: "/topics/calls" }),
    ...refusedBy("Topic name contains invalid characters.", "message"),
  },
  {
    rule: "fcm/recipient bad-topic",
    request: good({ token: undefined, condition: "'a' in topics &&" }),
    status: 400,
    reason: "INVALID_ARGUMENT",
    says: "Request contains an invalid argument.",
  },
  {
    rule: "fcm/data-keys reserved-key",
    request: good({ data: { from: "1" } }),
    ...refusedBy("Invalid data payload key: from", "message.data"),
  },
  {
    rule: "fcm/data-keys reserved-key",
    request: good({ data: { "google.x": "1" } }),
    status: 400,
    reason: "INVALID_ARGUMENT",
  },
  {
    rule: "fcm/data-keys reserved-key",
    request: android({ data: { message_type: "1" } }),
    status: 400,
    reason: "INVALID_ARGUMENT",
  },
  {
    rule: "fcm/payload-size too-large",
    request: good({ data: { k: "é".repeat(2048) } }),
    status: 400,
    reason: "INVALID_ARGUMENT",
    says: "Message is too large. The maximum is 4K (4096 bytes).",
    details: [{ "@type": BAD_REQUEST }, { "@type": FCM_ERROR, errorCode: "INVALID_ARGUMENT" }],
  },
  {
    rule: "fcm/payload-size too-large",
    request: good({ token: undefined, topic: "calls", data: { k: "x".repeat(2048) } }),
    status: 400,
    reason: "INVALID_ARGUMENT",
  },
  {
    rule: "fcm/payload-size too-large",
    request: send(goodMessage(), { isCut: true }),
    profile: { tooLargeMessage: "Android message is too big" },
    status: 400,
    reason: "INVALID_ARGUMENT",
    says: "Android message is too big",
  },
  {
    rule: "fcm/device-token invalid-token",
    request: good({ token: TOKEN.slice(0, -1) }),
    status: 400,
    reason: "INVALID_ARGUMENT",
    says: "The registration token is not a valid FCM registration token",
    details: [
      { "@type": FCM_ERROR, errorCode: "INVALID_ARGUMENT" },
      violation("The registration token is not a valid FCM registration token", "message.token"),
    ],
  },
  ...[GONE_TOKEN, STRANGE_TOKEN].map((token) => ({
    rule: "fcm/device-token unregistered-token",
    request: good({ token }),
    status: 404,
    reason: "UNREGISTERED",
    says: "Requested entity was not found.",
    details: [{ "@type": FCM_ERROR, errorCode: "UNREGISTERED" }],
  })),
  {
    rule: "fcm/device-token other-sender",
    request: good({ token: FOREIGN_TOKEN }),
    status: 403,
    reason: "SENDER_ID_MISMATCH",
    says: "SenderId mismatch",
    details: [{ "@type": FCM_ERROR, errorCode: "SENDER_ID_MISMATCH" }],
  },
  {
    rule: "fcm/package package-differs",
    request: android({ restricted_package_name: "com.example.other" }),
    status: 400,
    reason: "INVALID_ARGUMENT",
  },
  {
    rule: "fcm/scheme malformed-scheme",
    request: send(goodMessage(), { notes: [{ kind: "malformed-scheme", detail: "https:" }] }),
    status: 200,
  },
  { rule: "fcm/priority not-high", request: android({ priority: undefined }), status: 200 },
  { rule: "fcm/priority not-high", request: android({ priority: "normal" }), status: 200 },
  { rule: "fcm/ttl missing", request: android({ ttl: undefined }), status: 200 },
  { rule: "fcm/ttl too-long", request: android({ ttl: "61s" }), status: 200 },
  { rule: "fcm/data-only notification-present", request: good({ notification: { title: "call" } }), status: 200 },
  { rule: "fcm/data-only notification-present", request: android({ notification: { title: "call" } }), status: 200 },
  { rule: "fcm/collapse-key collapsible", request: android({ collapseKey: "call" }), status: 200 },
  {
    rule: "fcm/validate-only validate-only",
    request: () => fixture.request({ message: goodMessage(), validate_only: true }),
    status: 200,
    says: "projects/ringtrue-test/messages/fake_message_id",
  },
  { rule: "fcm/apns-block only-apns", request: good({ data: undefined, apns: { payload: { aps: {} } } }), status: 200 },
  {
    rule: "fcm/apns-block voip-through-fcm",
    request: good({ apns: { headers: { "apns-push-type": "voip", "apns-topic": "com.example.phone.voip" } } }),
    status: 200,
  },
  {
    rule: "fcm/apns-block background-immediate",
    request: good({ apns: { headers: { "apns-priority": "10" }, payload: { aps: { "content-available": 1 } } } }),
    status: 200,
  },
];

/** What an answer in Google's form says; nothing where it is another one. */
function errorOf(
  headers: FcmJudgement["answer"]["headers"],
  body: string,
): { readonly message?: string; readonly details?: readonly object[] } {
  const isJson = headers.some(([name, value]) => name === "content-type" && value.startsWith("application/json"));
  return isJson ? ((JSON.parse(body) as { readonly error?: object }).error ?? {}) : {};
}

function judge({ request, profile, more }: Row): FcmJudgement {
  return judgeFcmRequest(request(), fixture.context(profile, more?.()));
}

const named = ({ findings }: FcmJudgement) => findings.map(({ rule, mismatch }) => `${rule} ${mismatch}`);

describe("a message that breaks one rule is answered as FCM does, with that finding alone", () => {
  test.each(rows.map((row, index) => [`${row.rule} (row ${index + 1})`, row] as const))("%s", (_title, row) => {
    const judgement = judge(row);

    expect(named(judgement)).toEqual([row.rule]);
    const { status, reason, body, headers } = judgement.answer;
    expect({ status, reason }).toEqual({ status: row.status, reason: row.reason });
    const { message, details } = errorOf(headers, body);
    expect(message ?? body).toContain(row.says ?? "");
    expect(details).toEqual(row.details ?? details);
  });

  test("and every rule has a row", () => {
    expect(new Set(rows.map(({ rule }) => rule))).toEqual(
      new Set(fcmRules.map(({ id, mismatch }) => `${id} ${mismatch}`)),
    );
  });
});

describe("what FCM accepts", () => {
  const judgeMessage = (message: object, more: Partial<FcmContext> = {}) =>
    judgeFcmRequest(fixture.request({ message }), fixture.context({}, more));

  test("a message for a call that breaks no rule has a name and is delivered with its data", () => {
    const judgement = judgeMessage(goodMessage({ android: { priority: "high", ttl: "30.9s", data: { own: "2" } } }));

    expect(judgement).toMatchObject({
      findings: [],
      token: TOKEN,
      delivery: { payload: { own: "2" }, priority: "high", stored: true, expiresAtMs: NOW_MS + 30_000 },
    });
    expect(JSON.parse(judgement.answer.body)).toEqual({
      name: expect.stringMatching(/^projects\/ringtrue-test\/messages\/0:\d+%[0-9a-f]+$/),
    });
  });

  test("a ttl of zero is one attempt and no storing", () => {
    expect(judgeMessage(goodMessage({ android: { priority: "HIGH", ttl: "0s" } })).delivery).toEqual({
      payload: { callId: "1" },
      priority: "high",
      stored: false,
    });
  });

  test("a message without a ttl is kept for four weeks, and one with a collapse key takes a slot", () => {
    const { delivery } = judgeMessage({ token: TOKEN, android: { collapse_key: "mail" } }, { purpose: "any" });
    expect(delivery).toEqual({
      payload: {},
      priority: "normal",
      stored: true,
      expiresAtMs: NOW_MS + 2_419_200_000,
      slot: "mail",
    });
  });

  test("a notification has high priority where nothing else is said", () => {
    expect(judgeMessage({ token: TOKEN, notification: { title: "mail" } }).delivery?.priority).toBe("high");
  });

  test("what only a call must not do draws no finding where messages are for anything", () => {
    const message = { token: TOKEN, notification: { title: "mail" }, android: { collapse_key: "mail" } };
    expect(judgeMessage(message, { purpose: "any" }).findings).toEqual([]);
    expect(judgeMessage(message, { purpose: "call" }).findings).not.toEqual([]);
  });

  test.each(["'a' in topics", "'a' in topics && ('b' in topics || !('c' in topics))"])(
    "the condition %s",
    (condition) => {
      expect(judgeMessage(goodMessage({ token: undefined, condition })).answer.status).toBe(200);
    },
  );

  test.each([["projectNumber"], ["projectId"]] as const)("the %s in the path, and a query", (name) => {
    const request = fixture.request(
      { message: goodMessage() },
      { path: `/v1/projects/${fixture.credentials[name]}/messages%3Asend?alt=json` },
    );
    expect(judgeFcmRequest(request, fixture.context())).toMatchObject({ findings: [], answer: { status: 200 } });
  });

  test("validate_only delivers nothing", () => {
    const request = fixture.request({ message: goodMessage(), validateOnly: true });
    expect(judgeFcmRequest(request, fixture.context()).delivery).toBeUndefined();
  });

  test("the package of the app as restriction", () => {
    const message = goodMessage({ android: { priority: "HIGH", ttl: "0s", restrictedPackageName: PACKAGE } });
    expect(judgeMessage(message)).toMatchObject({ findings: [], answer: { status: 200 } });
  });
});

describe("what a refused message still tells", () => {
  test.each([
    ["a body that is no JSON", () => `{"message":{"token":"${TOKEN}"`],
    ["a message with an unknown field", () => ({ message: goodMessage({ ttl: "1s" }) })],
    ["a message with several recipients", () => ({ message: { topic: "calls", ...goodMessage() } })],
    ["a legacy message", () => ({ to: TOKEN, priority: "high" })],
    ["a legacy message to many", () => ({ registration_ids: [TOKEN, GONE_TOKEN] })],
  ])("the device token in %s", (_what, body) => {
    const judgement = judgeFcmRequest(fixture.request(body()), fixture.context());
    expect(judgement.answer.status).toBe(400);
    expect(judgement.token).toBe(TOKEN);
  });

  test("all that is wrong with its fields, in one answer", () => {
    const message = goodMessage({ ttl: "1s", data: { a: 1 }, android: { ttl: 3 } });
    const judgement = judgeFcmRequest(fixture.request({ message }), fixture.context());

    expect(named(judgement)).toEqual(["fcm/fields unknown-field", "fcm/data value-not-a-string", "fcm/ttl bad-ttl"]);
    const { error } = JSON.parse(judgement.answer.body) as {
      error: { message: string; details: [{ fieldViolations: { description: string }[] }] };
    };
    expect(error.message.split("\n")).toEqual(error.details[0].fieldViolations.map(({ description }) => description));
    expect(error.details[0].fieldViolations).toHaveLength(3);
  });

  test("never the access token: what it is for", () => {
    const judgement = judgeFcmRequest(fixture.request({ message: goodMessage() }), fixture.context());
    const authorization = judgement.headers.find(([name]) => name === "authorization")?.[1] ?? "";
    expect(JSON.parse(authorization)).toEqual({
      account: fixture.credentials.clientEmail,
      scope: "https://www.googleapis.com/auth/firebase.messaging",
      expiresAtS: NOW_MS / 1000 + 3600,
    });
    expect(JSON.stringify(judgement)).not.toContain(fixture.accessToken);
  });
});

test("a quota is refilled a minute after its first message", () => {
  const context = fixture.context({ messagesPerMinute: 1 });
  const statusAt = (nowMs: number) =>
    judgeFcmRequest(fixture.request({ message: goodMessage() }), { ...context, nowMs }).answer.status;

  expect([statusAt(NOW_MS), statusAt(NOW_MS + 59_999), statusAt(NOW_MS + 60_000)]).toEqual([200, 429, 200]);
});
