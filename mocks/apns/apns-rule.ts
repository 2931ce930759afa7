import type { ApnsContext, ApnsFinding, ApnsRequest } from "./apns-request.ts";

/** What a rule wanted and what it saw, in words. */
export interface Violation {
  readonly expected: string;
  readonly actual: string;
}

interface RuleParts {
  /** Also the id of the requirement that reports it. */
  readonly id: `apns/${string}`;
  readonly mismatch: string;
  /** Document and section, header field or reason. */
  readonly source: string;
  readonly check: (request: ApnsRequest, context: ApnsContext) => Violation | undefined;
}

/**
 * One thing a push may do wrong. Class R: APNs rejects it with `status` and `reason`. Class W: APNs accepts it, and the
 * phone does not ring, rings late or rings for nobody.
 */
export type ApnsRule =
  | (RuleParts & { readonly class: "R"; readonly status: number; readonly reason: string })
  | (RuleParts & { readonly class: "W" });

/** What the vendor's rules say to a push: `reason` is absent with 200. */
export interface ApnsVerdict {
  readonly status: number;
  readonly reason?: string;
  readonly findings: readonly ApnsFinding[];
}

/**
 * Judges a request by the rules in their order: the first broken R rule decides the answer; it and every broken W rule are
 * findings. Later R rules are not looked at, as APNs names one reason only.
 */
export function evaluateApnsRequest(
  rules: readonly ApnsRule[],
  request: ApnsRequest,
  context: ApnsContext,
): ApnsVerdict {
  const findings: ApnsFinding[] = [];
  let rejection: { readonly status: number; readonly reason: string } | undefined;
  for (const rule of rules) {
    if (rule.class === "R" && rejection !== undefined) continue;
    const violation = rule.check(request, context);
    if (violation === undefined) continue;
    findings.push({ rule: rule.id, mismatch: rule.mismatch, ...violation });
    if (rule.class === "R") rejection = { status: rule.status, reason: rule.reason };
  }
  return { ...(rejection ?? { status: 200 }), findings };
}
