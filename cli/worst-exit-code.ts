import type { ExitCode } from "../harness/judge/exit-code.ts";

const worstFirst: readonly ExitCode[] = [4, 3, 1, 2, 0];

/** Of the exit codes of several runs the one that is the whole's; without any, nothing was found out. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return worstFirst.find((code) => codes.includes(code)) ?? 2;
}
