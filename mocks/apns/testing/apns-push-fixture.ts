import type { HeaderField } from "../../http/http-exchange.ts";
import type { TokenDirectory } from "../../push/push-hooks.ts";
import { createApnsCredentials } from "../apns-credentials.ts";
import type { ApnsRequest } from "../apns-push.ts";
import { apnsService } from "../apns-service.ts";
import type { ApnsService, ApnsServiceOptions } from "../apns-service.ts";
import { openedConnection } from "../connection-state.ts";
import type { ApnsConnectionState } from "../connection-state.ts";
import { judgeApnsRequest } from "../judge-apns-request.ts";
import type { ApnsJudgement } from "../judge-apns-request.ts";
import { signProviderToken } from "./provider-token-fixture.ts";

export const NOW_S = 1_800_000_000;
export const BUNDLE_ID = "com.example.phone";
export const TOPIC = `${BUNDLE_ID}.voip`;
export const UNREGISTERED_MS = 1_799_000_000_000;

/** One device token for each state that a directory knows. */
export const tokens = {
  good: "ab".repeat(32),
  long: "ab".repeat(80),
  replaced: "cd".repeat(32),
  unknown: "00".repeat(32),
  unregistered: "11".repeat(32),
  expired: "22".repeat(32),
  sandbox: "33".repeat(32),
  alertOnly: "44".repeat(32),
} as const;

export const lookUpToken: TokenDirectory = (token) => {
  switch (token) {
    case tokens.good:
    case tokens.long:
      return { state: "current" };
    case tokens.replaced:
      return { state: "replaced" };
    case tokens.unregistered:
      return { state: "unregistered", sinceMs: UNREGISTERED_MS };
    case tokens.expired:
      return { state: "expired", sinceMs: UNREGISTERED_MS };
    case tokens.sandbox:
      return { state: "current", environment: "sandbox" };
    case tokens.alertOnly:
      return { state: "current", apps: [BUNDLE_ID] };
    default:
      return { state: "unknown" };
  }
};

const main = createApnsCredentials();
const { teamId } = main;
/** Keys of one team, and one of another. */
export const keys = {
  main,
  second: createApnsCredentials({ teamId }),
  topicSpecific: createApnsCredentials({ teamId, bundleIds: [BUNDLE_ID] }),
  relative: createApnsCredentials({ teamId, bundleIds: [BUNDLE_ID] }),
  otherTopic: createApnsCredentials({ teamId, bundleIds: ["com.example.other"] }),
  sandbox: createApnsCredentials({ teamId, environments: ["sandbox"] }),
  otherTeam: createApnsCredentials(),
} as const;

/** A service that knows all of them, for calls unless `topic` is undefined. */
export function service(change: Partial<ApnsServiceOptions> | { readonly topic: undefined } = {}): ApnsService {
  const { topic, ...rest } = { topic: TOPIC, ...change };
  const { main: credentials, ...others } = keys;
  return apnsService({
    credentials,
    otherKeys: Object.values({ ...others, relative: { ...others.relative, relatedKeyId: others.topicSpecific.keyId } }),
    expirationMaxS: 30,
    lookUpToken,
    ...(topic === undefined ? {} : { topic }),
    ...rest,
  });
}

const GOOD_TOKEN = `bearer ${signProviderToken(main, NOW_S)}`;

/** A push for a call that breaks no rule but where said; a header set to undefined is left out. */
export function callPush(
  change: Partial<ApnsRequest> = {},
  headers: Readonly<Record<string, string | undefined>> = {},
): ApnsRequest {
  return request(change, {
    authorization: GOOD_TOKEN,
    "apns-topic": TOPIC,
    "apns-push-type": "voip",
    "apns-expiration": "0",
    ...headers,
  });
}

/** The same for a push that shows an alert. */
export function alertPush(
  change: Partial<ApnsRequest> = {},
  headers: Readonly<Record<string, string | undefined>> = {},
): ApnsRequest {
  return request(change, {
    authorization: GOOD_TOKEN,
    "apns-topic": BUNDLE_ID,
    "apns-push-type": "alert",
    ...headers,
  });
}

function request(change: Partial<ApnsRequest>, headers: Readonly<Record<string, string | undefined>>): ApnsRequest {
  return {
    method: "POST",
    path: `/3/device/${tokens.good}`,
    headers: Object.entries(headers).flatMap(([name, value]): HeaderField[] =>
      value === undefined ? [] : [[name, value]],
    ),
    body: Buffer.from('{"aps":{},"callId":"1"}'),
    ...change,
  };
}

/** What the service says to a request on a connection, a fresh one unless given. */
export function judged(
  by: ApnsService,
  push: ApnsRequest,
  connection: ApnsConnectionState = openedConnection("apns-1", by.profile),
  nowMs: number = NOW_S * 1000,
): ApnsJudgement {
  return judgeApnsRequest(by, connection, push, "apns-push-1", { nowMs, receivedAtMs: 0 });
}
