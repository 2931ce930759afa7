import { messageOf } from "../harness/errors.ts";

/** For the person who meets it: an error of the system (a full disk, no more files) in a line, a bug of ours with its stack. */
export function describeInternalError(error: unknown): string {
  if (error instanceof Error && "syscall" in error && "code" in error) return `ringtrue: ${messageOf(error)}`;
  const text = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  return `ringtrue: internal error, please report it: ${text}`;
}
