import { spawn } from "node:child_process";
import { once } from "node:events";
import { messageOf, TargetError } from "../errors.ts";
import { endWithUs, signalGroup } from "./process-group.ts";
import { outputTail, type OutputTail } from "./output-tail.ts";
import type { TargetExit } from "./target-definition.ts";

const TERM_PATIENCE_MS = 2000;
/** How long what it still said may take to be read after its end; a child of its own may hold the streams open. */
const LAST_WORDS_MS = 200;

/** A child process in a process group of its own, so that whatever it starts ends with it. */
export interface Program {
  readonly pid: number;
  readonly output: OutputTail;
  /** Settles when the process has ended, whoever ended it, and its last output was read. */
  readonly ended: Promise<TargetExit>;
  /** SIGTERM to the group, SIGKILL after two seconds. Never throws. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** @throws TargetError when the command cannot be started at all. */
export async function startProgram({ command, args, env, cwd }: ProgramOptions): Promise<Program> {
  const child = spawn(command, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new TargetError(
      "target-not-started",
      `The target could not be started (${messageOf(error)}). Is the command ${JSON.stringify(command)} installed, and ${cwd === undefined ? "in the PATH" : `the directory ${cwd} there`}?`,
      { cause: error },
    );
  }
  const pid = child.pid ?? 0;
  const output = outputTail();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8");
    child[stream].on("data", (chunk: string) => output.write(stream, chunk));
    child[stream].on("error", () => {});
  }
  child.on("error", () => {});
  let over: TargetExit | undefined;
  const ended = new Promise<TargetExit>((resolve) => {
    child.once("exit", (code, signal) => {
      const exit = { code, signal };
      over = exit;
      staysAlone();
      const timer = setTimeout(() => resolve(exit), LAST_WORDS_MS);
      child.once("close", () => {
        clearTimeout(timer);
        resolve(exit);
      });
    });
  });
  const killGroup = (): void => signalGroup(pid, "SIGKILL");
  const staysAlone = endWithUs(pid);
  return {
    pid,
    output,
    ended,
    async stop() {
      if (over === undefined) {
        signalGroup(pid, "SIGTERM");
        const timer = setTimeout(killGroup, TERM_PATIENCE_MS);
        await ended;
        clearTimeout(timer);
      }
      // What it started may have ignored the end of its parent.
      killGroup();
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}
