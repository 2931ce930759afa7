import type { Writable } from "node:stream";
import { describeInternalError } from "./describe-internal-error.ts";

/** Node's own exit code for these is 1, which would read as "not conformant". */
const HARNESS_FAULT = 4;

/** Whoever reads the output may go away at any time (`| head -1`): the command goes on, and its exit code and files stand. */
export function surviveClosedPipes(...streams: readonly Writable[]): void {
  for (const stream of streams) stream.on("error", () => {});
}

/**
 * Ends the process with the exit code of a harness fault when something throws outside of every call, or when the process ends
 * although the command is not done. Call what it returns when the command is done.
 */
export function tellUncaught(stderr: Writable): () => void {
  process.on("uncaughtException", (error) => {
    stderr.write(`${describeInternalError(error)}\n`);
    process.exit(HARNESS_FAULT);
  });
  const unfinished = (): void => {
    process.exitCode ||= HARNESS_FAULT;
  };
  process.once("exit", unfinished);
  return () => void process.off("exit", unfinished);
}
