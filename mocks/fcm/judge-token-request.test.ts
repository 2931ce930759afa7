import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { serviceAccountJson } from "./fcm-credentials.ts";
import { defaultFcmProfile } from "./fcm-profile.ts";
import { isTokenRequest, judgeTokenRequest } from "./judge-token-request.ts";
import type { TokenJudgement } from "./judge-token-request.ts";
import { fcmFixture, MESSAGING_SCOPE, NOW_MS, signAssertion } from "./testing/fcm-fixture.ts";
import type { FcmFixture } from "./testing/fcm-fixture.ts";

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const NOW_S = NOW_MS / 1000;
const WINDOW =
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. " +
  "Check your iat and exp values in the JWT claim.";
const SIGNATURE = "Invalid JWT Signature.";

let fixture: FcmFixture;
let otherKeyPem: string;
beforeAll(async () => {
  fixture = await fcmFixture();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  otherKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
});

function judge(form: Readonly<Record<string, string>>, method = "POST"): TokenJudgement {
  const request = {
    ...fixture.request(new URLSearchParams(form).toString(), { method, path: "/token" }),
    headers: [["content-type", "application/x-www-form-urlencoded"]] as const,
  };
  return judgeTokenRequest(request, {
    nowMs: NOW_MS,
    credentials: fixture.credentials,
    profile: defaultFcmProfile,
    accessTokens: fixture.accessTokens,
    audiences: ["https://127.0.0.1:1/token"],
  });
}

const judgeAssertion = async (wrong: Parameters<typeof signAssertion>[1]) =>
  judge({ grant_type: GRANT_TYPE, assertion: await signAssertion(fixture.credentials, wrong) });
const claims = (change: Readonly<Record<string, unknown>>) => async () => judgeAssertion({ claims: change });

describe("an assertion that OAuth takes", () => {
  test("is answered with an access token for its account and scope, for an hour less a second", async () => {
    const judgement = await judgeAssertion({});

    expect(judgement).toMatchObject({ findings: [], answer: { status: 200 } });
    const answer = JSON.parse(judgement.answer.body) as { readonly access_token: string };
    expect(answer).toEqual({
      access_token: expect.stringMatching(/^ya29\.c\./),
      expires_in: 3599,
      token_type: "Bearer",
    });
    expect(fixture.accessTokens.read(`Bearer ${answer.access_token}`)).toMatchObject({
      kind: "granted",
      fingerprint: judgement.fingerprint,
      grant: {
        account: fixture.credentials.clientEmail,
        scopes: [MESSAGING_SCOPE],
        issuedAtMs: NOW_MS,
        expiresAtMs: NOW_MS + 3_600_000,
      },
    });
  });

  test("draws another access token each time", async () => {
    const [first, second] = [await judgeAssertion({}), await judgeAssertion({})];
    expect(first.fingerprint).not.toBe(second.fingerprint);
  });

  test.each([
    ["issued 300 s ahead", { iat: NOW_S + 300, exp: NOW_S + 3900 }],
    ["with its times as text", { iat: `${NOW_S}`, exp: `${NOW_S + 3600}` }],
    ["for an older URL of Google's", { aud: "https://www.googleapis.com/oauth2/v4/token" }],
    ["for the mock's own URL", { aud: "https://127.0.0.1:1/token" }],
    [
      "with firebase-admin's scopes",
      {
        scope: ["cloud-platform", "firebase.database", "firebase.messaging", "identitytoolkit", "userinfo.email"]
          .map((name) => `https://www.googleapis.com/auth/${name}`)
          .join(" "),
      },
    ],
  ])("may be one %s", async (_what, change) => {
    expect(await claims(change)()).toMatchObject({ findings: [], answer: { status: 200 } });
  });
});

describe("an assertion that OAuth refuses", () => {
  test.each<
    [
      mismatch: string,
      what: string,
      ask: () => Promise<TokenJudgement> | TokenJudgement,
      error: string,
      description: string,
    ]
  >([
    [
      "not-a-jwt",
      "text",
      () => judge({ grant_type: GRANT_TYPE, assertion: "a.b.c" }),
      "invalid_request",
      "Bad Request",
    ],
    ["not-a-jwt", "nothing", () => judge({ grant_type: GRANT_TYPE }), "invalid_request", "Bad Request"],
    [
      "not-a-jwt",
      "four parts",
      () => judge({ grant_type: GRANT_TYPE, assertion: "e30.e30.a.b" }),
      "invalid_request",
      "Bad Request",
    ],
    [
      "wrong-grant-type",
      "a refresh token",
      () => judge({ grant_type: "refresh_token" }),
      "unsupported_grant_type",
      "Invalid grant_type: refresh_token",
    ],
    ["wrong-algorithm", "HS256", async () => judgeAssertion({ alg: "HS256" }), "invalid_grant", SIGNATURE],
    ["wrong-algorithm", "RS512", async () => judgeAssertion({ alg: "RS512" }), "invalid_grant", SIGNATURE],
    [
      "bad-signature",
      "another key",
      async () => judgeAssertion({ privateKeyPem: otherKeyPem }),
      "invalid_grant",
      SIGNATURE,
    ],
    [
      "unknown-account",
      "another iss",
      claims({ iss: "a@b.iam.gserviceaccount.com" }),
      "invalid_grant",
      "Invalid grant: account not found",
    ],
    ["unknown-account", "no iss", claims({ iss: undefined }), "invalid_grant", "Invalid grant: account not found"],
    ["bad-times", "no iat", claims({ iat: undefined }), "invalid_grant", "Invalid JWT: iat (issued at) is not set."],
    [
      "bad-times",
      "no exp",
      claims({ exp: undefined }),
      "invalid_grant",
      "Invalid JWT: exp (expiration time) is not set.",
    ],
    ["bad-times", "an iat of two hours ago", claims({ iat: NOW_S - 7200, exp: NOW_S - 3600 }), "invalid_grant", WINDOW],
    ["bad-times", "an iat too far ahead", claims({ iat: NOW_S + 301, exp: NOW_S + 3600 }), "invalid_grant", WINDOW],
    ["lifetime-too-long", "two hours", claims({ exp: NOW_S + 7200 }), "invalid_grant", WINDOW],
    [
      "no-scope",
      "an empty scope",
      claims({ scope: " " }),
      "invalid_scope",
      "Invalid OAuth scope or ID token audience provided.",
    ],
    [
      "no-scope",
      "no scope",
      claims({ scope: undefined }),
      "invalid_scope",
      "Invalid OAuth scope or ID token audience provided.",
    ],
    [
      "wrong-audience",
      "another aud",
      claims({ aud: "https://fcm.googleapis.com/" }),
      "invalid_grant",
      "Invalid JWT: Failed audience check.",
    ],
  ])("%s: %s", async (mismatch, _what, ask, error, description) => {
    const { answer, findings, ...rest } = await ask();

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ error, error_description: description });
    expect(rest).toEqual({ error });
    expect(findings).toEqual([expect.objectContaining({ rule: "fcm/assertion", mismatch })]);
  });

  test("with a scope Google does not know it draws an id_token and no access token", async () => {
    const judgement = await judgeAssertion({ claims: { scope: `${MESSAGING_SCOPE} https://example.com/scope` } });

    expect(Object.keys(JSON.parse(judgement.answer.body) as object)).toEqual(["id_token"]);
    expect(judgement).toMatchObject({ answer: { status: 200 }, findings: [{ mismatch: "unknown-scope" }] });
    expect(judgement.fingerprint).toBeUndefined();
  });

  test("a GET finds no such page", () => {
    expect(judge({}, "GET")).toMatchObject({ answer: { status: 404 }, findings: [{ rule: "fcm/assertion" }] });
  });
});

test("the token endpoint is known by its three paths", () => {
  expect(["/token", "/oauth2/v4/token?a=1", "/o/oauth2/token", "/tokens", "/"].map(isTokenRequest)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("the key file is one that Google's libraries read", () => {
  expect(JSON.parse(serviceAccountJson(fixture.credentials, "https://127.0.0.1:1/token"))).toMatchObject({
    type: "service_account",
    project_id: "ringtrue-test",
    private_key: expect.stringContaining("BEGIN PRIVATE KEY"),
    client_email: fixture.credentials.clientEmail,
    token_uri: "https://127.0.0.1:1/token",
  });
});
