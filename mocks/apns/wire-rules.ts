import type { WireNote } from "../http/http-exchange.ts";
import type { PushFinding } from "../push/push-hooks.ts";

/** What a habit of a client below HTTP breaks; all of class W, as APNs bears with them. */
export interface WireRule {
  readonly id: `apns/${string}`;
  readonly mismatch: string;
  readonly source: string;
  readonly expected: string;
}

const REQUESTS = "Apple, Sending notification requests to APNs";

/** One rule for each kind of note. */
export const wireRules: Readonly<Record<WireNote["kind"], WireRule>> = {
  priority: {
    id: "apns/http2-priority",
    mismatch: "priority-sent",
    source: `${REQUESTS}, Establish a connection to APNs: it ignores PRIORITY frames, "so don't send them on your streams"`,
    expected: "no PRIORITY frames and no priority in HEADERS",
  },
  "indexed-field": {
    id: "apns/header-indexing",
    mismatch: "indexed-field",
    source: `${REQUESTS}, Send a POST request to APNs: :path and authorization as literal header fields without indexing`,
    expected: ":path and authorization without indexing",
  },
  "reindexed-field": {
    id: "apns/header-indexing",
    mismatch: "reindexed-field",
    source: `${REQUESTS}, Send a POST request to APNs: apns-id, apns-expiration and apns-collapse-id with incremental indexing the first time, "For subsequent requests, encode these headers as literal header fields without indexing."`,
    expected: "apns-id, apns-expiration and apns-collapse-id without indexing once they are in the table",
  },
  "ping-rate": {
    id: "apns/ping-rate",
    mismatch: "too-many-pings",
    source: `${REQUESTS}, Follow best practices: a PING after an hour of inactivity`,
    expected: "a PING after an hour of inactivity",
  },
  "streams-refused": {
    id: "apns/stream-limit",
    mismatch: "streams-refused",
    source: `${REQUESTS}, Establish a connection to APNs: "when using an authentication token, APNs allows only one stream until you post a request with a valid authentication token"`,
    expected: "no more streams than SETTINGS allows, which is one until a push with a valid provider token was posted",
  },
  "malformed-scheme": {
    id: "apns/scheme",
    mismatch: "malformed-scheme",
    source: "RFC 9113 section 8.3.1, :scheme",
    expected: ":scheme https",
  },
};

/** Header fields that should not go into the HPACK table. */
export const neverIndexed = [":path", "authorization"] as const;
/** Header fields that should go into it the first time only. */
export const indexedOnce = ["apns-id", "apns-expiration", "apns-collapse-id"] as const;

export function findingOf({ kind, detail }: WireNote): PushFinding {
  const { id, mismatch, expected } = wireRules[kind];
  return { rule: id, mismatch, expected, actual: detail };
}
