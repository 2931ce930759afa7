import type { PushFinding } from "../push/push-hooks.ts";
import type { ApnsProfile, DoubtfulFault } from "./apns-profile.ts";
import type { ApnsPush } from "./apns-push.ts";
import type { ApnsReason, FIELD_SPELLING } from "./apns-reason.ts";
import type { ApnsService } from "./apns-service.ts";

/** What a rule wanted and what it saw, in words. */
export interface Violation {
  readonly expected: string;
  readonly actual: string;
}

interface RuleParts {
  /** Also the id of the requirement that reports it. */
  readonly id: `apns/${string}`;
  readonly mismatch: string;
  /** Document and section, header field or reason. `[unverified]` marks what is seen or assumed, not documented. */
  readonly source: string;
  /** Absent: always in effect. */
  readonly isInEffect?: (profile: ApnsProfile) => boolean;
  readonly check: (push: ApnsPush, service: ApnsService) => Violation | undefined;
}

/** APNs rejects the push with `status` and `reason`. */
export type RejectingRule = RuleParts & {
  readonly class: "R";
  readonly status: number;
  readonly reason: ApnsReason | typeof FIELD_SPELLING;
};

/**
 * APNs accepts the push, and the phone does not ring, rings late or rings for nobody. `orRejects`: it is not known that it
 * does; a profile can make it reject.
 */
export type WarningRule = RuleParts & {
  readonly class: "W";
  readonly orRejects?: { readonly fault: DoubtfulFault; readonly status: number; readonly reason: ApnsReason };
};

/** One thing a push may do wrong. */
export type ApnsRule = RejectingRule | WarningRule;

/** What the vendor's rules say to a push: `reason` is absent with 200. */
export interface ApnsVerdict {
  readonly status: number;
  readonly reason?: string;
  readonly findings: readonly PushFinding[];
}

const FLAWLESS: ApnsVerdict = { status: 200, findings: [] };

/**
 * Judges a push by the rules in their order: the first broken R rule decides the answer; it and every broken W rule are
 * findings. Later R rules are not looked at, as APNs names one reason only.
 */
export function evaluate(push: ApnsPush, service: ApnsService): ApnsVerdict {
  let findings: PushFinding[] | undefined;
  let rejection: RejectingRule | undefined;
  for (const rule of service.rules) {
    if (rule.class === "R" && rejection !== undefined) continue;
    const violation = rule.check(push, service);
    if (violation === undefined) continue;
    findings ??= [];
    findings.push({ rule: rule.id, mismatch: rule.mismatch, ...violation });
    if (rule.class === "R") rejection = rule;
  }
  if (findings === undefined) return FLAWLESS;
  if (rejection === undefined) return { status: 200, findings };
  return { status: rejection.status, reason: rejection.reason, findings };
}
