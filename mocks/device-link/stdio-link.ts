import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf, TargetError } from "../../harness/errors.ts";
import { outputTail } from "../../harness/targets/output-tail.ts";
import { endWithUs, signalGroup } from "../../harness/targets/process-group.ts";
import { lineReader } from "./line-reader.ts";
import type { Link, LinkEnd, LinkReceiver } from "./link.ts";
import { defaultLinkLimits, type LinkLimits } from "./link-limits.ts";
import type { LinkProblem } from "./link-problem.ts";
import { messageRate } from "./message-rate.ts";

/** DEVICE-LINK section 1: how long an adapter has after its stdin was closed, and then after SIGTERM. */
const STDIN_PATIENCE_MS = 5000;
const TERM_PATIENCE_MS = 2000;
/** A stream that closes is mostly the first sign of a process that ends; after this long it is not. */
const STREAM_PATIENCE_MS = 1000;

export interface StdioLinkOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of RingTrue. */
  readonly env: Readonly<Record<string, string>>;
  /** @default the directory RingTrue runs in */
  readonly cwd?: string;
  readonly clock: Clock;
  /** @default defaultLinkLimits */
  readonly limits?: LinkLimits;
}

/**
 * Starts an adapter as a program, in a process group of its own so that whatever it starts ends with it, and speaks with it
 * over its standard streams, one JSON object per line; what it writes to stderr is log.
 *
 * @throws TargetError `adapter-not-started` when the command cannot be started at all.
 */
export async function startStdioLink(options: StdioLinkOptions): Promise<Link> {
  const { command, args, env, cwd, clock, limits = defaultLinkLimits } = options;
  const child = spawn(command, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new TargetError(
      "adapter-not-started",
      `The adapter could not be started (${messageOf(error)}). Is the command ${JSON.stringify(command)} installed, and ${cwd === undefined ? "in the PATH" : `the directory ${cwd} there`}?`,
      { cause: error },
    );
  }
  const pid = child.pid ?? 0;
  const { stdin, stdout, stderr } = child;
  const output = outputTail();
  const mayCome = messageRate(clock, limits);
  let receiver: LinkReceiver | undefined;
  /** Why it is over, as soon as that is known. */
  let why: LinkEnd | undefined;
  let isCut = false;
  let hasExited = false;
  let cancelTimer = (): void => {};
  /** Somebody listens, or nobody ever will. */
  let isClaimed = false;

  const killGroup = (): void => signalGroup(pid, "SIGKILL");
  const staysAlone = endWithUs(pid);

  const terminate = (): void => {
    cancelTimer();
    signalGroup(pid, "SIGTERM");
    cancelTimer = clock.after(TERM_PATIENCE_MS, killGroup);
  };
  const cut = (problem: LinkProblem): void => {
    if (isCut || hasExited) return;
    isCut = true;
    why ??= { kind: "cut", problem };
    receiver?.problem(problem);
    stdout.destroy();
    terminate();
  };
  const streamClosed = (stream: "stdin" | "stdout"): void => {
    if (why !== undefined || hasExited) return;
    cancelTimer();
    cancelTimer = clock.after(STREAM_PATIENCE_MS, () => cut({ kind: "stream-closed", stream }));
  };
  const finish = (): void => {
    if (!isClaimed || !hasExited) return;
    cancelTimer();
    // Something that left the group may hold them open for ever.
    cancelTimer = clock.after(STREAM_PATIENCE_MS, () => {
      stdout.destroy();
      stderr.destroy();
    });
  };
  const take = (tell: (receiver: LinkReceiver) => void): void => {
    if (isCut || receiver === undefined) return;
    if (mayCome()) tell(receiver);
    else cut({ kind: "flood", messagesPerSecond: limits.messagesPerSecond });
  };
  const lines = lineReader(
    limits.messageBytes,
    (line) => take((to) => to.message(line)),
    (problem) => take((to) => to.problem(problem)),
    () => !isCut,
  );

  const readOn = (): void => {
    if (receiver === undefined) return;
    for (let chunk: unknown = stdout.read(); Buffer.isBuffer(chunk); chunk = stdout.read()) lines.push(chunk);
  };

  // Not `data`: where nobody listens when the process ends, Node would throw away what is left.
  stdout.on("readable", readOn);
  stderr.setEncoding("utf8");
  stderr.on("data", (chunk: string) => output.write("stderr", chunk));
  stdout.once("end", () => {
    lines.finish();
    streamClosed("stdout");
  });
  stdin.on("error", () => streamClosed("stdin"));
  for (const emitter of [child, stdout, stderr]) emitter.on("error", () => {});

  const closed = new Promise<LinkEnd>((resolve) => {
    child.once("exit", (code, signal) => {
      hasExited = true;
      why ??= { kind: "exited", code, signal };
      const end = why;
      cancelTimer();
      // What it started may have ignored the end of its parent, and would keep the streams open.
      killGroup();
      staysAlone();
      // What the adapter still said waits in the pipe until somebody listens.
      finish();
      child.once("close", () => {
        cancelTimer();
        resolve(end);
      });
    });
  });

  return {
    kind: "stdio",
    pid,
    send(text) {
      if (isCut || hasExited || !stdin.writable) return;
      stdin.write(`${text}\n`);
      if (stdin.writableLength > limits.unreadBytes) cut({ kind: "not-read", unreadBytes: stdin.writableLength });
    },
    onMessage(to) {
      receiver = to;
      isClaimed = true;
      readOn();
      finish();
    },
    closed,
    async close() {
      isClaimed = true;
      if (receiver === undefined) stdout.destroy();
      finish();
      if (why === undefined) {
        why = { kind: "closed" };
        cancelTimer();
        stdin.end();
        cancelTimer = clock.after(STDIN_PATIENCE_MS, terminate);
      }
      return await closed;
    },
    log: () => output.lines,
  };
}
