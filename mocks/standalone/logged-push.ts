import type { PushDelivery, PushFinding, PushServiceName } from "../push/push-hooks.ts";

/** A broken rule, in words and with where the rule stands. */
export interface LoggedFinding extends PushFinding {
  /** Document and section the rule comes from; absent where the rule table names none. */
  readonly source?: string;
}

/** What came of a push. */
export type PushEnd =
  /** Accepted; the simulated phone of its token has it. */
  | "delivered"
  /** Accepted; kept until the phone can be reached again (see `unreachable`). */
  | "stored"
  /** Accepted, and then thrown away: the phone could not be reached and the push was not to be kept. */
  | "dropped"
  /** Accepted, for a token that another one has replaced: no phone has it any more. */
  | "delivered-to-nobody"
  /** Accepted, and only looked at (FCM `validate_only`), or addressed to a topic that no simulated phone follows. */
  | "not-delivered"
  /** Answered with an error. */
  | "refused"
  /** The stream was reset, or never answered, as a scripted answer wanted it. */
  | "reset"
  /** The client gave up before the answer was due. */
  | "abandoned";

/** One push as it stands in the log of a mock. Plain data: it can be printed as JSON. */
export interface LoggedPush {
  /** 1, 2, ... in the order of the answers, over both services where they share a log; never used twice. */
  readonly number: number;
  readonly service: PushServiceName;
  /** Epoch milliseconds, when the request was complete. */
  readonly receivedAtMs: number;
  /** Name of the connection it came on: `apns-1`, `fcm-2`, ... */
  readonly connection: string;
  readonly method: string;
  readonly path: string;
  /**
   * Lower-case names; a repeated field is joined by `, `. The value of `authorization` is what the token claims, never the
   * token itself.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8; cut off at 64 KiB. */
  readonly body: string;
  /** The body as JSON; absent where it is none. */
  readonly payload?: unknown;
  /** The device token it names. */
  readonly token?: string;
  /** The identifier of the answer: `apns-id`, or FCM's message name. */
  readonly id: string;
  /** HTTP status of the answer; absent where there was none (`reset`, `abandoned`). */
  readonly status?: number;
  /** APNs: the reason. FCM: the error code. Absent with 200. */
  readonly reason?: string;
  /** Epoch milliseconds, with APNs' 410 only. */
  readonly timestampMs?: number;
  /** With FCM only. */
  readonly retryAfterS?: number;
  /** The answer was a scripted one, not that of the rules. */
  readonly scripted: boolean;
  readonly became: PushEnd;
  /** How the service delivers it; with an accepted push to a token only. */
  readonly delivery?: PushDelivery;
  /** What it did wrong, the rejected rule included. Empty: nothing. */
  readonly findings: readonly LoggedFinding[];
}

/** Something a connection did wrong, apart from any one push on it; or a connection that never came up. */
export interface ConnectionProblem {
  readonly service: PushServiceName;
  readonly connection: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** A TLS, HTTP/2 or HTTP/1.1 failure, in words. */
  readonly failed?: string;
  readonly findings: readonly LoggedFinding[];
}
