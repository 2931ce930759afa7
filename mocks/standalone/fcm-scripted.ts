import { UsageError } from "../../harness/errors.ts";
import type { FcmErrorCode } from "../fcm/fcm-answer.ts";
import type { PushDecision } from "../push/push-hooks.ts";

/** FCM's error codes with the HTTP status each comes with (Firebase, "REST Resource: FcmError", ErrorCode). */
export const fcmErrorStatus: Readonly<Record<FcmErrorCode, number>> = {
  UNSPECIFIED_ERROR: 500,
  INVALID_ARGUMENT: 400,
  UNREGISTERED: 404,
  SENDER_ID_MISMATCH: 403,
  QUOTA_EXCEEDED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
  THIRD_PARTY_AUTH_ERROR: 401,
};

/** How a message can be answered other than by the rules. */
export type FcmMockAnswer =
  /** An error code alone comes with its documented status. */
  | FcmErrorCode
  | {
      readonly kind: "status";
      readonly status: number;
      /**
       * An error code, or Google's own name of the status (`UNAUTHENTICATED`, `RESOURCE_EXHAUSTED`, ...) for an error that
       * does not come from FCM. Absent with an error status: the HTML page of Google's front end.
       */
      readonly reason?: string;
      /** Sent as `Retry-After`. */
      readonly retryAfterS?: number;
      /** Held back for so long. */
      readonly delayMs?: number;
    }
  /** HTTP/2: RST_STREAM; HTTP/1.1: the connection is cut. */
  | { readonly kind: "reset" }
  /** Answers by the rules, later. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** Does not answer for a day. */
  | { readonly kind: "no-answer" };

/** Longer than any test waits, and within what a timer can. */
const NEVER_MS = 86_400_000;

/** @throws UsageError for an answer that is none */
export function checkFcmAnswer(answer: FcmMockAnswer): void {
  if (typeof answer === "string") {
    if (Object.hasOwn(fcmErrorStatus, answer)) return;
    const known = Object.keys(fcmErrorStatus).join(", ");
    throw new UsageError("bad-answer", `${answer} is no error code of FCM. Known: ${known}.`);
  }
  if (answer.kind === "status") checkStatus(answer.status);
}

/** @throws UsageError for what cannot be the status of an answer */
export function checkStatus(status: number): void {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return;
  throw new UsageError("bad-answer", `${status} is no HTTP status an answer can have: a whole number from 200 to 599.`);
}

export function decideFcm(answer: FcmMockAnswer): PushDecision {
  if (typeof answer === "string") {
    return { kind: "status", status: fcmErrorStatus[answer], reason: answer, answerDelayMs: 0 };
  }
  switch (answer.kind) {
    case "status": {
      const { delayMs, ...status } = answer;
      return { ...status, answerDelayMs: delayMs ?? 0 };
    }
    case "reset":
      return { kind: "reset", answerDelayMs: 0 };
    case "delay":
      return { kind: "by-rules", answerDelayMs: answer.delayMs };
    case "no-answer":
      return { kind: "reset", answerDelayMs: NEVER_MS };
  }
}
