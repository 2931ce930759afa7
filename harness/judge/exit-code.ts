import type { RingTrueError } from "../errors.ts";
import type { RunVerdict } from "./run-verdict.ts";

/** 0 conformant, 1 not conformant, 2 inconclusive, 3 usage or configuration error, 4 harness fault or a target that never became ready. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

const EXIT_CODES: Readonly<Record<RunVerdict, ExitCode>> = {
  pass: 0,
  "pass-with-waivers": 0,
  fail: 1,
  inconclusive: 2,
  error: 4,
};

export function exitCodeOf(verdict: RunVerdict): ExitCode {
  return EXIT_CODES[verdict];
}

export function exitCodeOfError(error: Pick<RingTrueError, "fault">): ExitCode {
  return error.fault === "user" ? 3 : 4;
}

const WORST_FIRST: readonly ExitCode[] = [4, 3, 1, 2, 0];

/** Of several targets in one run, the worst counts. Nothing at all is no success. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? 2;
}
