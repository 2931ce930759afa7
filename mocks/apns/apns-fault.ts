import type { ApnsReason, FIELD_SPELLING } from "./apns-reason.ts";

/** What APNs is seen or said to do without the push being at fault; played on request only. */
export type ApnsFault =
  /** Any of the 32 reasons, with any status. `timestampMs` (epoch) goes out with 410 only. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly reason: ApnsReason | typeof FIELD_SPELLING;
      readonly timestampMs?: number;
    }
  /** RST_STREAM INTERNAL_ERROR. */
  | { readonly kind: "reset" }
  /** RST_STREAM REFUSED_STREAM: the push was not looked at and may be sent again (RFC 9113 section 8.7). */
  | { readonly kind: "refuse-stream" }
  /**
   * Answers by the rules, and sends GOAWAY with `{"reason": ...}` as debug data (Apple, "Sending notification requests to
   * APNs", Establish a connection to APNs).
   */
  | { readonly kind: "goaway"; readonly reason: ApnsReason }
  /** Refuses the stream, and sends GOAWAY with error 7 and the text the field reports for too many streams. */
  | { readonly kind: "goaway-too-many-streams" }
  /** 429 TooManyProviderTokenUpdates for this push and every later one of its connection, as the field reports. */
  | { readonly kind: "sticky-429" }
  /**
   * Sends SETTINGS with `streams`, as seen in the field before a first response, and answers by the rules `delayMs` later: on
   * a new connection the SETTINGS have to wait until the client has acknowledged the first ones.
   */
  | { readonly kind: "second-settings"; readonly streams: number; readonly delayMs: number }
  /** Answers by the rules, and closes the connection as idle: GOAWAY with reason IdleTimeout. */
  | { readonly kind: "idle-close" }
  /** Answers by the rules, later. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** Never answers; the stream stays open. */
  | { readonly kind: "no-answer" };

/** A fault and the pushes it meets: all that fit what is given here. */
export interface InjectedFault {
  readonly fault: ApnsFault;
  /** Pushes to this device token (hex in lower case). */
  readonly token?: string;
  /** Pushes on this connection. */
  readonly connection?: string;
  /** Only the next so many of them. */
  readonly times?: number;
}

/** The faults that are to be played. */
export interface FaultBoard {
  /** Adds one; returns what takes it away again. An older fault that fits the same push comes first. */
  inject(fault: InjectedFault): () => void;
  /** The fault for a push, which is thereby played once. */
  take(push: { readonly token?: string; readonly connection: string }): ApnsFault | undefined;
}

export function faultBoard(): FaultBoard {
  let waiting: readonly { readonly injected: InjectedFault; readonly left: number }[] = [];
  return {
    inject(injected) {
      const entry = { injected, left: injected.times ?? Infinity };
      waiting = [...waiting, entry];
      return () => {
        waiting = waiting.filter((other) => other.injected !== injected);
      };
    },
    take({ token, connection }) {
      if (waiting.length === 0) return undefined;
      const index = waiting.findIndex(
        ({ injected }) => (injected.token ?? token) === token && (injected.connection ?? connection) === connection,
      );
      const entry = waiting[index];
      if (entry === undefined) return undefined;
      waiting = waiting.flatMap((other, at) =>
        at !== index ? [other] : other.left > 1 ? [{ ...other, left: other.left - 1 }] : [],
      );
      return entry.injected.fault;
    },
  };
}
