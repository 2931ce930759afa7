import type { BodyContent, PushDelivery, PushFinding, PushVerdict, ReceivedPush } from "../push/push-hooks.ts";
import { redactedFields } from "../push/redacted-fields.ts";
import { deviceTokenOf, readHeaders, readPush } from "./apns-push.ts";
import type { ApnsPush, ApnsRequest, Payload } from "./apns-push.ts";
import { evaluate } from "./apns-rule.ts";
import type { ApnsVerdict } from "./apns-rule.ts";
import type { ApnsService } from "./apns-service.ts";
import { bundleIdOf } from "./apns-topic.ts";
import { withProviderToken, withValidToken } from "./connection-state.ts";
import type { ApnsConnectionState, SeenProviderToken } from "./connection-state.ts";
import { redactedAuthorization } from "./provider-token.ts";
import { findingOf } from "./wire-rules.ts";

/** Apple, "Sending notification requests to APNs", Overview: it may store a notification "for 30 days or less". */
const LONGEST_STORED_MS = 30 * 24 * 3_600_000;
const UUID_IN_ANY_CASE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** When a request was complete. */
export interface RequestTimes {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Monotonic milliseconds. */
  readonly receivedAtMs: number;
}

export interface ApnsJudgement {
  readonly push: ReceivedPush;
  /** The connection after the request, and before its answer. */
  readonly connection: ApnsConnectionState;
  /** The provider token, where the connection had not carried it before. */
  readonly newToken?: SeenProviderToken;
}

/**
 * What APNs says to a request, without any socket: the answer by the rules with all findings, how the push would be
 * delivered, and what the connection brings along to its next request. `name` names the push.
 */
export function judgeApnsRequest(
  service: ApnsService,
  connection: ApnsConnectionState,
  request: ApnsRequest,
  name: string,
  { nowMs, receivedAtMs }: RequestTimes,
): ApnsJudgement {
  const headers = readHeaders(request.headers);
  const providerToken = service.readProviderToken(headers.authorization);
  const carrying = withProviderToken(connection, providerToken, service.profile, nowMs);
  const read = readPush(request, headers, providerToken, carrying, service, nowMs);
  const verdict = evaluate(read, service);
  const token = read.deviceToken ?? deviceTokenOf(request.path);
  const delivery = verdict.status === 200 && token !== undefined ? deliveryOf(read, service) : undefined;
  const authorization = headers.authorization === undefined ? "" : redactedAuthorization(providerToken);
  const push: ReceivedPush = {
    service: "apns",
    push: name,
    connection: connection.id,
    method: request.method,
    path: request.path,
    headers: redactedFields(request.headers, authorization),
    body: request.body,
    content: contentOf(read.payload),
    ...(token === undefined ? {} : { token }),
    findings: withNotes(verdict.findings, request),
    verdictByRules: answerTo(read, verdict, service),
    ...(delivery === undefined ? {} : { delivery }),
    receivedAtMs,
  };
  const newToken = carrying === connection ? undefined : carrying.providerTokens.at(-1);
  return { push, connection: bound(carrying, read, service), ...(newToken === undefined ? {} : { newToken }) };
}

function contentOf({ text, value, fault }: Payload): BodyContent {
  return fault === undefined ? { text, json: value } : { text };
}

function withNotes(findings: readonly PushFinding[], { notes }: ApnsRequest): readonly PushFinding[] {
  return notes === undefined || notes.length === 0 ? findings : [...findings, ...notes.map(findingOf)];
}

/** Echoes a well-formed apns-id; else makes one, in upper case as APNs does. */
function answerTo(
  { headers: { messageId }, device }: ApnsPush,
  verdict: ApnsVerdict,
  service: ApnsService,
): PushVerdict {
  const { status, reason } = verdict;
  const isEchoed = messageId !== undefined && reason !== "BadMessageId" && UUID_IN_ANY_CASE.test(messageId);
  const timestampMs = status === 410 ? device?.sinceMs : undefined;
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    id: isEchoed ? messageId : service.newId().toUpperCase(),
    ...(timestampMs === undefined ? {} : { timestampMs }),
  };
}

/** The first valid provider token binds the connection, whatever else is wrong with its push. */
function bound(
  connection: ApnsConnectionState,
  push: ApnsPush,
  { environment, profile }: ApnsService,
): ApnsConnectionState {
  const { providerToken, nowMs } = push;
  if (connection.boundTo !== undefined || connection.clientCertificate !== undefined) return connection;
  if (providerToken.kind !== "read" || providerToken.fault !== undefined || providerToken.key === undefined) {
    return connection;
  }
  const { key, issuedAtS = 0 } = providerToken;
  const isTimely = Math.abs(nowMs / 1000 - issuedAtS) <= 3600;
  const isOfEnvironment = key.environments?.includes(environment) ?? true;
  return isTimely && isOfEnvironment ? withValidToken(connection, key, profile) : connection;
}

/** Apple, "Sending notification requests to APNs", apns-expiration and apns-priority. */
function deliveryOf({ headers, payload, topic, nowMs }: ApnsPush, { profile }: ApnsService): PushDelivery {
  const { expiration, priority = "10" } = headers;
  const longestMs = nowMs + LONGEST_STORED_MS;
  const isStored = expiration === undefined || Number(expiration) !== 0;
  return {
    payload: payload.value,
    ...(isStored
      ? { expiresAtMs: expiration === undefined ? longestMs : Math.min(Number(expiration) * 1000, longestMs) }
      : {}),
    stored: isStored,
    slot: profile.topicSlot === "own" ? topic : bundleIdOf(topic),
    priority: priority === "10" ? "high" : "normal",
  };
}
