import type { ConnectionEvent } from "../../harness/trace/trace-event.ts";
import type { ApnsFinding } from "./apns-request.ts";

/** One push as the server received it, after the rules looked at it. */
export interface ReceivedPush {
  /** Unique within a run. */
  readonly push: string;
  readonly connection: string;
  readonly method: string;
  readonly path: string;
  /**
   * Header fields without the pseudo-headers: lower-case names, order and repetition kept. The value of `authorization`
   * is the JSON of the provider token's header and claims, never the token.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** At most 64 KiB; a longer body is cut off there and draws `apns/payload-size`. */
  readonly body: Uint8Array;
  /** The device token the path names (hex in lower case), also where the path is otherwise wrong; absent when it names none. */
  readonly token?: string;
  readonly findings: readonly ApnsFinding[];
  /** What the vendor's rules answer. `reason` is absent with 200. */
  readonly verdictByRules: { readonly status: number; readonly reason?: string; readonly apnsId: string };
  /** On the clock of the options, when the request was complete. */
  readonly receivedAtMs: number;
}

/** How to answer a push; `answerDelayMs` holds the answer back. */
export type PushDecision =
  | { readonly kind: "by-rules"; readonly answerDelayMs: number }
  | {
      readonly kind: "status";
      readonly status: number;
      /** Absent only with 200. */
      readonly reason?: string;
      /** Epoch milliseconds; sent with 410 only. */
      readonly timestampMs?: number;
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
      readonly scripted: boolean;
    }
  | { readonly kind: "reset" }
  /** The client reset the stream or closed the connection before the answer was due. */
  | { readonly kind: "abandoned" };

/** What the world hears of and decides. Called in the order things happened on each connection. */
export interface ApnsHooks {
  /** Decides the answer to a push. Must not throw or reject. */
  readonly onRequest: (push: ReceivedPush) => Promise<PushDecision> | PushDecision;
  /** The answer was handed to the socket (or will never be). */
  readonly onResponded: (push: ReceivedPush, outcome: PushOutcome) => void;
  /** `connection.failed` comes alone where no connection came up, else before its `connection.closed`. */
  readonly onConnection: (event: ConnectionEvent) => void;
}
