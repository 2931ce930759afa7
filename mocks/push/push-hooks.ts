import type { ConnectionEvent } from "../../harness/trace/trace-event.ts";

export type PushServiceName = "apns" | "fcm";

/** A rule broken by one push or one connection; becomes a `finding` event about it. `rule` is the requirement's id too. */
export interface PushFinding {
  readonly rule: string;
  readonly mismatch: string;
  readonly expected: string;
  readonly actual: string;
}

/** One push as a service received it, after the rules looked at it. */
export interface ReceivedPush {
  readonly service: PushServiceName;
  /** Unique within a run. */
  readonly push: string;
  readonly connection: string;
  readonly method: string;
  readonly path: string;
  /**
   * Header fields without the pseudo-headers: lower-case names, order and repetition kept. The value of `authorization` is
   * what the token claims (JSON), never the token.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** At most 64 KiB; a longer body is cut off there and draws the service's size rule. */
  readonly body: Uint8Array;
  /** What the service read in the body, so that nobody has to read it again. */
  readonly content?: BodyContent;
  /** The device token it names (APNs: hex in lower case); absent when it names none. */
  readonly token?: string;
  readonly findings: readonly PushFinding[];
  /** What the vendor's rules answer. `reason` is absent with 200; with FCM it is the FCM error code. */
  readonly verdictByRules: PushVerdict;
  /** How the service would deliver it; only with a verdict of 200 and a `token`. */
  readonly delivery?: PushDelivery;
  /** On the clock of the options, when the request was complete. */
  readonly receivedAtMs: number;
}

export interface BodyContent {
  /** As UTF-8; bytes that are not are replaced. */
  readonly text: string;
  /** The same as JSON; absent where the service did not read it as such. */
  readonly json?: unknown;
}

export interface PushVerdict {
  readonly status: number;
  readonly reason?: string;
  /** The identifier of the answer: `apns-id`, or FCM's message name. */
  readonly id: string;
  /** Epoch milliseconds, with 410 only. */
  readonly timestampMs?: number;
}

/** What the service knows of an accepted push when it delivers it. */
export interface PushDelivery {
  /** What the app gets: the PushKit dictionary, or the data of the FCM message. */
  readonly payload: unknown;
  /** Epoch milliseconds after which it is thrown away; absent: as long as the service keeps anything. */
  readonly expiresAtMs?: number;
  /** False: one attempt and no storing (`apns-expiration: 0`, `ttl: "0s"`). */
  readonly stored: boolean;
  /** APNs: one stored push per bundle id and device. FCM: the collapse key, absent for a non-collapsible message. */
  readonly slot?: string;
  readonly priority: "high" | "normal";
}

/** How to answer a push; `answerDelayMs` holds the answer back. */
export type PushDecision =
  | { readonly kind: "by-rules"; readonly answerDelayMs: number }
  | {
      readonly kind: "status";
      readonly status: number;
      /** APNs: the reason. FCM: the error code (`UNREGISTERED`, `UNAVAILABLE`, ...). Absent only with 200. */
      readonly reason?: string;
      /** Epoch milliseconds; sent with APNs' 410 only. */
      readonly timestampMs?: number;
      /** Sent as `Retry-After` by FCM only. */
      readonly retryAfterS?: number;
      readonly answerDelayMs: number;
    }
  | { readonly kind: "reset"; readonly answerDelayMs: number };

/** What became of a push; exactly one per received push (none for those still open when the server closes). */
export type PushOutcome =
  | {
      readonly kind: "response";
      readonly status: number;
      readonly reason?: string;
      readonly timestampMs?: number;
      readonly retryAfterS?: number;
      readonly scripted: boolean;
    }
  | { readonly kind: "reset" }
  /** The client reset the stream or closed the connection before the answer was due. */
  | { readonly kind: "abandoned" };

/** What the world hears of and decides. Called in the order things happened on each connection. */
export interface PushHooks {
  /** Decides the answer to a push. Must not throw or reject. */
  readonly onRequest: (push: ReceivedPush) => Promise<PushDecision> | PushDecision;
  /** The answer was handed to the socket (or will never be). */
  readonly onResponded: (push: ReceivedPush, outcome: PushOutcome) => void;
  /**
   * `connection.failed` comes alone where no connection came up, else before its `connection.closed`. `findings` are what the
   * connection itself (not one push on it) did wrong.
   */
  readonly onConnection: (event: ConnectionEvent, findings: readonly PushFinding[]) => void;
  /**
   * Something a connection did wrong between its opening and its end, as soon as it is known: a server that keeps its
   * connections open never comes to the end. It is about the connection's `connection.opened`.
   */
  readonly onConnectionFinding?: (connection: string, finding: PushFinding) => void;
}

/** What a service knows of a device token: `replaced` ones were issued once and are accepted but delivered to nobody. */
export type TokenDirectory = (token: string) => {
  readonly state: "current" | "replaced" | "unknown" | "unregistered" | "expired";
  /** Epoch milliseconds since when it is `unregistered` or `expired`. */
  readonly sinceMs?: number;
  /** The bundle ids with suffix (topics) or package it was issued for; absent: the world's own app. */
  readonly apps?: readonly string[];
  /** @default "production" */
  readonly environment?: "production" | "sandbox";
  /** FCM: the project it was issued for; absent: the world's own. */
  readonly project?: string;
};
