import type { RequirementId } from "../../harness/judge/requirement.ts";
import type { Reference } from "../../scenarios/faults/fault.ts";
import type { LazyTarget } from "../embedded-default.ts";

/** How one fault fared against the requirement it is built to break. */
export interface Kill {
  readonly requirement: RequirementId;
  readonly fault: string;
  readonly reference: Reference;
  readonly expectedMismatch: string;
  readonly outcome:
    /** The requirement failed, for its own reason, and nothing failed that the fault does not declare. */
    | { readonly kind: "killed" }
    | { readonly kind: "survived"; readonly verdict: string }
    | { readonly kind: "wrong-reason"; readonly mismatch: string }
    | { readonly kind: "undeclared"; readonly failing: readonly string[] }
    | { readonly kind: "error"; readonly why: string };
}

/** What a conforming target came to, over all witness plans. */
export interface ConformingRow {
  readonly reference: Reference;
  readonly failing: readonly string[];
  readonly inconclusive: readonly string[];
  readonly passed: readonly RequirementId[];
  readonly error?: string;
}

/** What a lazy target came to: it must pass nothing. */
export interface LazyRow {
  readonly target: LazyTarget;
  readonly passed: readonly string[];
  readonly cases: number;
  readonly error?: string;
}

/** The harness's own proof. */
export interface KillMatrix {
  readonly kills: readonly Kill[];
  readonly conforming: readonly ConformingRow[];
  readonly lazy: readonly LazyRow[];
  /** Requirements no fault breaks. */
  readonly unproved: readonly RequirementId[];
  readonly durationMs: number;
}

/** Everything that keeps the proof from being whole, in words; empty when it stands. */
export function gaps(matrix: KillMatrix): readonly string[] {
  return [
    ...matrix.unproved.map((id) => `${id}: no fault breaks it`),
    ...matrix.kills.flatMap((kill) =>
      kill.outcome.kind === "killed" ? [] : [`${kill.requirement}: ${describeKill(kill)}`],
    ),
    ...matrix.conforming.flatMap(({ reference, failing, inconclusive, error }) => [
      ...failing.map((what) => `the conforming ${reference} draws a fail: ${what}`),
      ...inconclusive.map((what) => `the conforming ${reference} leaves undecided: ${what}`),
      ...(error === undefined ? [] : [`the conforming ${reference}: ${error}`]),
    ]),
    ...matrix.lazy.flatMap(({ target, passed, cases, error }) => [
      ...passed.map((id) => `the ${target} target earns a pass of ${id}`),
      ...(cases === 0 ? [`the ${target} target was not played`] : []),
      ...(error === undefined ? [] : [`the ${target} target: ${error}`]),
    ]),
  ];
}

/** One line on what a fault did. */
export function describeKill({ fault, expectedMismatch, outcome }: Kill): string {
  switch (outcome.kind) {
    case "killed":
      return `${fault} fails it as ${expectedMismatch}`;
    case "survived":
      return `${fault} does not fail it (${outcome.verdict})`;
    case "wrong-reason":
      return `${fault} fails it as ${outcome.mismatch}, not as ${expectedMismatch}`;
    case "undeclared":
      return `${fault} also fails ${outcome.failing.join(", ")}, which it does not declare`;
    case "error":
      return `${fault} could not be played: ${outcome.why}`;
  }
}

/** The matrix as lines for a terminal. */
export function matrixLines(matrix: KillMatrix): readonly string[] {
  const width = Math.max(...matrix.kills.map(({ requirement }) => requirement.length), 0);
  const problems = gaps(matrix);
  return [
    "Every requirement, and the fault that fails it in a real run:",
    ...matrix.kills.map((kill) => {
      const mark = kill.outcome.kind === "killed" ? "ok  " : "FAIL";
      return `  ${mark} ${kill.requirement.padEnd(width)}  ${describeKill(kill)} (${kill.reference})`;
    }),
    "",
    "Conforming targets, over every witness plan:",
    ...matrix.conforming.map(
      ({ reference, failing, passed, inconclusive }) =>
        `  ${failing.length === 0 ? "ok  " : "FAIL"} ${reference}: ${passed.length} requirements passed, ${failing.length} failed, ${inconclusive.length} inconclusive`,
    ),
    "Lazy targets, which must pass nothing:",
    ...matrix.lazy.map(
      ({ target, passed, cases }) =>
        `  ${passed.length === 0 ? "ok  " : "FAIL"} ${target}: ${passed.length} passes in ${cases} cases`,
    ),
    "",
    problems.length === 0
      ? `Proved: ${matrix.kills.length} faults killed, ${(matrix.durationMs / 1000).toFixed(0)} s`
      : `Not proved: ${problems.length} gaps`,
    ...problems.map((problem) => `  ${problem}`),
  ];
}
