import { isUtf8 } from "node:buffer";
import type { HeaderField, WireNote } from "../http/http-exchange.ts";
import { bodyText } from "../push/body-text.ts";
import type { TokenDirectory } from "../push/push-hooks.ts";
import type { ApnsService } from "./apns-service.ts";
import type { ApnsConnectionState } from "./connection-state.ts";
import type { ProviderTokenReading } from "./provider-token.ts";

/** One complete request to APNs, as data. */
export interface ApnsRequest {
  readonly method: string;
  readonly path: string;
  /** Without pseudo-headers: lower-case names, order and repetition kept, values as received (one character per byte). */
  readonly headers: readonly HeaderField[];
  /** At most the first 64 KiB. */
  readonly body: Uint8Array;
  /** The body was longer. @default false */
  readonly isCut?: boolean;
  /** What the wire noted about it. @default [] */
  readonly notes?: readonly WireNote[];
}

/** One push, read once: all that the rules look at. */
export interface ApnsPush {
  readonly method: string;
  readonly path: string;
  readonly headers: PushHeaders;
  readonly body: Uint8Array;
  readonly isCut: boolean;
  readonly payload: Payload;
  /** What follows `/3/device/`, as it was written; undefined where the path is not of that form. */
  readonly pathToken: string | undefined;
  /** The device token in lower-case hex; undefined where the path names none, or not in hex. */
  readonly deviceToken: string | undefined;
  /** What the push service knows of the device token. */
  readonly device: ReturnType<TokenDirectory> | undefined;
  /** The topic it goes to: `apns-topic`, or what its certificate stands for; empty where there is none. */
  readonly topic: string;
  /** It is for a call: because all are, or because push type or topic say so. */
  readonly isCall: boolean;
  readonly providerToken: ProviderTokenReading;
  readonly connection: ApnsConnectionState;
  readonly requestsOfToken: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The first value of each header field that APNs knows. */
export interface PushHeaders {
  authorization?: string;
  messageId?: string;
  topic?: string;
  pushType?: string;
  priority?: string;
  expiration?: string;
  collapseId?: string;
  requestId?: string;
  channelId?: string;
  contentEncoding?: string;
  /** The first `authorization` or `apns-` field that is there twice. */
  repeated?: string;
}

/** `fault` says why it is no JSON object in UTF-8 (RFC 8259 section 8.1), in words. */
export interface Payload {
  readonly text: string;
  /** The text itself where it is no JSON. */
  readonly value: unknown;
  readonly fault?: string;
}

const FIELDS: ReadonlyMap<string, Exclude<keyof PushHeaders, "repeated">> = new Map([
  ["authorization", "authorization"],
  ["apns-id", "messageId"],
  ["apns-topic", "topic"],
  ["apns-push-type", "pushType"],
  ["apns-priority", "priority"],
  ["apns-expiration", "expiration"],
  ["apns-collapse-id", "collapseId"],
  ["apns-request-id", "requestId"],
  ["apns-channel-id", "channelId"],
  ["content-encoding", "contentEncoding"],
]);
const DEVICE_PATH = "/3/device/";
/** Whole bytes. */
const HEX = /^(?:[0-9a-f]{2})+$/i;
const UNSEEN: ReadonlySet<string> = new Set();

/** Reads a request on a connection that already knows its provider token. */
export function readPush(
  request: ApnsRequest,
  headers: PushHeaders,
  providerToken: ProviderTokenReading,
  connection: ApnsConnectionState,
  service: ApnsService,
  nowMs: number,
): ApnsPush {
  const { method, path, body, isCut = false } = request;
  const pathToken = pathTokenOf(path);
  const deviceToken = pathToken !== undefined && HEX.test(pathToken) ? pathToken.toLowerCase() : undefined;
  const topic = headers.topic ?? onlyTopicOf(connection) ?? "";
  return {
    method,
    path,
    headers,
    body,
    isCut,
    payload: payloadOf(body),
    pathToken,
    deviceToken,
    device: deviceToken === undefined ? undefined : service.lookUpToken(deviceToken),
    topic,
    isCall: service.topic !== undefined || headers.pushType === "voip" || topic.endsWith(".voip"),
    providerToken,
    connection,
    requestsOfToken: deviceToken === undefined ? 0 : (service.requests?.count(deviceToken, nowMs) ?? 0),
    nowMs,
  };
}

/** Reads the header fields that the rules know. */
export function readHeaders(fields: readonly HeaderField[]): PushHeaders {
  const headers: PushHeaders = {};
  let others = UNSEEN as Set<string>;
  for (const [name, value] of fields) {
    const field = FIELDS.get(name);
    if (field !== undefined) {
      if (headers[field] === undefined) headers[field] = value;
      else if (field !== "contentEncoding") headers.repeated ??= name;
    } else if (name.startsWith("apns-")) {
      if (others.has(name)) headers.repeated ??= name;
      if (others === UNSEEN) others = new Set();
      others.add(name);
    }
  }
  return headers;
}

/** The device token a path names, also where the path is otherwise wrong (no version, say). Hex comes in lower case. */
export function deviceTokenOf(path: string): string | undefined {
  const segment = pathTokenOf(path) ?? /(?:^|\/)device\/([^/?#]+)/.exec(path)?.[1];
  if (segment === undefined) return undefined;
  return HEX.test(segment) ? segment.toLowerCase() : decoded(segment);
}

function pathTokenOf(path: string): string | undefined {
  if (!path.startsWith(DEVICE_PATH) || path.length === DEVICE_PATH.length) return undefined;
  const segment = path.slice(DEVICE_PATH.length);
  return /[/?#]/.test(segment) ? undefined : segment;
}

/**
 * A client certificate for one topic stands for it (Apple, "Handling notification responses from APNs", MissingTopic: the
 * header is mandatory with a certificate that supports multiple topics).
 */
function onlyTopicOf({ clientCertificate }: ApnsConnectionState): string | undefined {
  return clientCertificate?.topics.length === 1 ? clientCertificate.topics[0] : undefined;
}

function payloadOf(body: Uint8Array): Payload {
  const text = bodyText(body);
  if (!isUtf8(body)) return { text, value: text, fault: "bytes that are not UTF-8" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { text, value: text, fault: "text that is not JSON" };
  }
  if (Array.isArray(value)) return { text, value, fault: "a JSON array" };
  if (value === null) return { text, value, fault: "JSON null" };
  return typeof value === "object" ? { text, value } : { text, value, fault: `a JSON ${typeof value}` };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
