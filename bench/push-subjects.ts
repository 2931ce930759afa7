import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { importPKCS8, SignJWT } from "jose";
import { liveClock } from "../harness/clock/clock.ts";
import { createApnsCredentials } from "../mocks/apns/apns-credentials.ts";
import { startApnsServer } from "../mocks/apns/apns-server.ts";
import { accepted } from "../mocks/fcm/fcm-answer.ts";
import { createFcmCredentials, serviceAccountKey } from "../mocks/fcm/fcm-credentials.ts";
import { startFcmServer } from "../mocks/fcm/fcm-server.ts";
import { createRegistrationToken } from "../mocks/fcm/registration-token.ts";
import type { PushHooks } from "../mocks/push/push-hooks.ts";
import { createApnsMock } from "../mocks/standalone/apns-mock.ts";
import { createFcmMock } from "../mocks/standalone/fcm-mock.ts";
import { ownAccessToken } from "../mocks/standalone/own-access-token.ts";
import { createTestAuthority } from "../mocks/tls/test-authority.ts";
import type { LoadRequest } from "./h2load.ts";

/** A server to be measured. */
export interface PushSubject {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** Absent with a bare server, which accepts everything. */
  readonly push?: SubjectPush;
  /** What it counted since it started. */
  readonly tally: () => PushTally;
}

/** A push that a service accepts, and how it answers. */
export interface SubjectPush {
  readonly request: LoadRequest;
  readonly body: string;
  readonly answer: SubjectAnswer;
}

export interface SubjectAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PushTally {
  readonly pushes: number;
  /** About pushes, not about h2load's habits on a connection. */
  readonly findings: number;
}

const BIND = "127.0.0.1";
const TOPIC = "com.example.phone.voip";
const DEVICE_TOKEN = "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";
const EXPIRATION_MAX_S = 30;
const TTL_MAX_S = 60;
const CALL = {
  callUUID: "8f9d2d0e-3c8a-4a5b-9f1e-0c1d2e3f4a5b",
  callId: "a84b4c76e66710@192.0.2.1",
  handle: "sip:alice@example.test",
  callerName: "Alice Liddell",
  hasVideo: "false",
};

/**
 * The servers by name. `bare` is what any server on `node:http2` costs: it answers 200, and the same to everything, without
 * looking at it. `apns` and `fcm` are the simulated services as a run has them, with every rule in effect and every push meant
 * for a call; the `-mock` ones are what a test suite starts, which keep a log of their pushes too.
 */
export const pushSubjects = {
  bare: startBare,
  apns: startApns,
  fcm: startFcm,
  "apns-mock": startApnsMock,
  "fcm-mock": startFcmMock,
} satisfies Readonly<Record<string, (answer: SubjectAnswer) => Promise<PushSubject>>>;

export type PushSubjectName = keyof typeof pushSubjects;

async function startBare({ headers, body }: SubjectAnswer): Promise<PushSubject> {
  const { certPem, keyPem } = await (await createTestAuthority()).issueServer([BIND]);
  const server = createSecureServer({ cert: certPem, key: keyPem });
  let pushes = 0;
  server.on("stream", (stream) => {
    pushes += 1;
    stream.respond({ ":status": 200, ...headers }, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, BIND, resolve));
  return {
    url: `https://${BIND}:${(server.address() as AddressInfo).port}`,
    tally: () => ({ pushes, findings: 0 }),
  };
}

async function startApns(): Promise<PushSubject> {
  const [authority, credentials] = [await createTestAuthority(), createApnsCredentials()];
  const { hooks, tally } = counting();
  const { url } = await startApnsServer({
    bind: BIND,
    clock: liveClock(),
    authority,
    topic: TOPIC,
    credentials,
    expirationMaxS: EXPIRATION_MAX_S,
    lookUpToken: (token) => ({ state: token === DEVICE_TOKEN ? "current" : "unknown" }),
    hooks,
  });
  const key = await importPKCS8(credentials.p8Pem, "ES256");
  const providerToken = await new SignJWT()
    .setProtectedHeader({ alg: "ES256", kid: credentials.keyId })
    .setIssuer(credentials.teamId)
    .setIssuedAt()
    .sign(key);
  return { url, push: apnsPush(DEVICE_TOKEN, providerToken), tally };
}

async function startApnsMock(): Promise<PushSubject> {
  const mock = await createApnsMock({ bundleIds: [TOPIC.slice(0, -".voip".length)] });
  const token = mock.issueToken({ topic: TOPIC });
  return { url: mock.url, push: apnsPush(token, mock.providerToken()), tally: () => talliedLog(mock) };
}

async function startFcm(): Promise<PushSubject> {
  const [authority, credentials] = [await createTestAuthority(), await createFcmCredentials()];
  const [token, clock] = [createRegistrationToken(), liveClock()];
  const { hooks, tally } = counting();
  const { url, oauthUrl } = await startFcmServer({
    bind: BIND,
    clock,
    authority,
    credentials,
    ttlMaxS: TTL_MAX_S,
    profile: { messagesPerMinute: Infinity },
    lookUpToken: (asked) => ({ state: asked === token ? "current" : "unknown" }),
    hooks,
  });
  const account = serviceAccountKey(credentials, oauthUrl);
  const accessToken = await ownAccessToken(account, authority.caPem, clock.epochMs + clock.now());
  return { url, push: fcmPush(credentials.projectId, token, accessToken), tally };
}

async function startFcmMock(): Promise<PushSubject> {
  const mock = await createFcmMock({ calls: true, profile: { messagesPerMinute: Infinity } });
  const token = mock.issueToken();
  const push = fcmPush(mock.credentials.projectId, token, await mock.accessToken());
  return { url: mock.url, push, tally: () => talliedLog(mock) };
}

/** A VoIP push that breaks no rule. */
function apnsPush(token: string, providerToken: string): SubjectPush {
  const id = "5f1c6d7e-2b3a-4c4d-8e9f-0a1b2c3d4e5f";
  const headers = {
    authorization: `bearer ${providerToken}`,
    "apns-id": id,
    "apns-topic": TOPIC,
    "apns-push-type": "voip",
    "apns-priority": "10",
    "apns-expiration": "0",
  };
  return {
    request: { path: `/3/device/${token}`, headers },
    body: JSON.stringify({ aps: {}, ...CALL }),
    answer: { headers: { "apns-id": id } },
  };
}

/** A message that breaks no rule. */
function fcmPush(projectId: string, token: string, accessToken: string): SubjectPush {
  const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
  const answer = accepted(`projects/${projectId}/messages/0:1700000000000000%0123456789abcdef`);
  return {
    request: { path: `/v1/projects/${projectId}/messages:send`, headers },
    body: JSON.stringify({ message: { token, data: CALL, android: { priority: "HIGH", ttl: "30s" } } }),
    answer: { headers: Object.fromEntries(answer.headers), body: answer.body },
  };
}

/** A world that leaves everything to the rules, and counts. */
function counting(): { readonly hooks: PushHooks; readonly tally: () => PushTally } {
  let [pushes, findings] = [0, 0];
  return {
    hooks: {
      onRequest(push) {
        findings += push.findings.length;
        return { kind: "by-rules", answerDelayMs: 0 };
      },
      onResponded: () => void (pushes += 1),
      onConnection: () => {},
      onConnectionFinding: () => {},
    },
    tally: () => ({ pushes, findings }),
  };
}

/** The log keeps the newest, and their numbers go on. */
function talliedLog({
  pushes,
}: {
  readonly pushes: readonly { readonly number: number; readonly findings: readonly unknown[] }[];
}): PushTally {
  return {
    pushes: pushes.at(-1)?.number ?? 0,
    findings: pushes.reduce((sum, push) => sum + push.findings.length, 0),
  };
}
