import type { PushFinding } from "../push/push-hooks.ts";
import { badRequest, googleError } from "./fcm-answer.ts";
import type { FcmAnswer } from "./fcm-answer.ts";
import type { FcmContext, FcmRequest } from "./fcm-request.ts";
import type { FieldProblem } from "./read-proto-json.ts";

/** What a rule wanted and what it saw, in words. */
export interface Violation {
  readonly expected: string;
  readonly actual: string;
}

interface RuleParts {
  /** Also the id of the requirement that reports it. */
  readonly id: `fcm/${string}`;
  readonly mismatch: string;
  /** Document and section, or where it was seen. */
  readonly source: string;
}

/**
 * One thing a message may do wrong. Class R: FCM rejects it with `answer`. `fields`: R too, found by Google's JSON reader, which
 * names everything it found in one answer. Class W: FCM accepts it, and the phone does not ring, rings late or rings for
 * nobody; `forCalls` ones are looked at only where messages are for calls.
 */
export type FcmRule =
  | (RuleParts & {
      readonly class: "R";
      readonly check: (request: FcmRequest, context: FcmContext) => Violation | undefined;
      readonly answer: (request: FcmRequest, context: FcmContext) => FcmAnswer;
    })
  | (RuleParts & {
      readonly class: "fields";
      readonly expected: string;
      readonly covers: (problem: FieldProblem) => boolean;
    })
  | (RuleParts & {
      readonly class: "W";
      readonly forCalls: boolean;
      readonly check: (request: FcmRequest, context: FcmContext) => Violation | undefined;
    });

export interface FcmRuling {
  readonly refusal: FcmAnswer | undefined;
  readonly findings: readonly PushFinding[];
}

/**
 * Judges a request by the rules in their order: the first broken R rule decides the answer; it and every broken W rule are
 * findings. Later R rules are not looked at, as FCM names one reason only.
 */
export function evaluateFcmRequest(rules: readonly FcmRule[], request: FcmRequest, context: FcmContext): FcmRuling {
  const findings: PushFinding[] = [];
  let refusal: FcmAnswer | undefined;
  const misread = request.content.kind === "misread" ? request.content.problems : undefined;
  let isReadingJudged = false;
  for (const rule of rules) {
    if (rule.class === "fields") {
      if (misread === undefined || (refusal !== undefined && !isReadingJudged)) continue;
      const covered = misread.filter(rule.covers);
      if (covered.length === 0) continue;
      isReadingJudged = true;
      refusal ??= fieldsAnswer(misread);
      findings.push({ rule: rule.id, mismatch: rule.mismatch, expected: rule.expected, actual: shown(covered) });
      continue;
    }
    if (rule.class === "R" ? refusal !== undefined : rule.forCalls && context.purpose !== "call") continue;
    const violation = rule.check(request, context);
    if (violation === undefined) continue;
    findings.push({ rule: rule.id, mismatch: rule.mismatch, ...violation });
    if (rule.class === "R") refusal = rule.answer(request, context);
  }
  return { refusal, findings };
}

const MAX_SHOWN_PROBLEMS = 3;

/** One answer for everything the JSON reader found. No `FcmError`: FCM itself never saw the request. */
function fieldsAnswer(problems: readonly FieldProblem[]): FcmAnswer {
  const violations = problems.map(({ field, description }) => ({
    ...(field === undefined ? {} : { field }),
    description,
  }));
  return googleError(400, problems.map(({ description }) => description).join("\n"), [badRequest(...violations)]);
}

function shown(problems: readonly FieldProblem[]): string {
  const more = problems.length - MAX_SHOWN_PROBLEMS;
  const first = problems.slice(0, MAX_SHOWN_PROBLEMS).map(({ description }) => description);
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
