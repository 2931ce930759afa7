import { UsageError } from "../../harness/errors.ts";
import type { ApnsFault } from "../apns/apns-fault.ts";
import { meaningOfReason, statusOfReason, type ApnsReason } from "../apns/apns-reason.ts";
import { checkStatus } from "./fcm-scripted.ts";

/** How a push can be answered other than by the rules. */
export type ApnsMockAnswer =
  /** One of Apple's reasons alone comes with its documented status. */
  ApnsReason | ApnsFault;

/** @throws UsageError for an answer that is none */
export function checkApnsAnswer(answer: ApnsMockAnswer): void {
  const reason = typeof answer === "string" ? answer : "reason" in answer ? answer.reason : undefined;
  if (reason !== undefined && meaningOfReason(reason) === undefined) {
    throw new UsageError(
      "bad-answer",
      `${reason} is no reason of APNs, see "Handling notification responses from APNs".`,
    );
  }
  if (typeof answer !== "string" && answer.kind === "status") checkStatus(answer.status);
}

export function apnsFaultOf(answer: ApnsMockAnswer): ApnsFault {
  return typeof answer === "string" ? { kind: "status", status: statusOfReason(answer), reason: answer } : answer;
}
