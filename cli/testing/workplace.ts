import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { vi } from "vitest";

// The program plays its cases in real time, and several tests run it side by side.
vi.setConfig({ testTimeout: 90_000 });

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LONGEST_MS = 60_000;
const MARK = "RINGTRUE_TEST_MARK";

/** What one command came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once the text stands in the output; rejects when the command ends without it. */
  said(text: string): Promise<void>;
}

/** A directory of its own for one test to run the program in, with a private place for temporary files. */
export interface Workplace {
  readonly directory: string;
  start(...args: readonly string[]): Running;
  run(...args: readonly string[]): Promise<Ended>;
  /** Puts a file there. */
  write(name: string, text: string): void;
  /** A file of it as JSON. */
  json(name: string): unknown;
  /** Files below it as text, by path. */
  files(name: string): Readonly<Record<string, string>>;
  /** Temporary files and processes that a command left behind, as paths and ids. */
  leftBehind(): readonly string[];
}

/**
 * @param onTestFinished of the test: whatever still runs is ended then, and every file removed.
 * @param environment for the program, beside this process's own.
 */
export function workplace(
  onTestFinished: (cleanUp: () => Promise<void>) => void,
  environment: Readonly<Record<string, string>> = {},
): Workplace {
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run build makes it`);
  const root = mkdtempSync(join(tmpdir(), "cli-test-"));
  const [directory, temporary] = [join(root, "work"), join(root, "tmp")];
  for (const path of [directory, temporary]) mkdirSync(path);
  const mark = randomUUID();
  const env = { ...process.env, TMPDIR: temporary, [MARK]: mark, ...environment };
  const running = new Set<ChildProcess>();

  onTestFinished(async () => {
    for (const child of running) child.kill("SIGKILL");
    for (const pid of markedProcesses(mark)) process.kill(pid, "SIGKILL");
    while (markedProcesses(mark).length > 0) await delay(20);
    rmSync(root, { recursive: true, force: true });
  });

  const start = (...args: readonly string[]): Running => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: directory,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
        child.emit("said");
      });
    }
    const ended = whenEnded(child, output).finally(() => running.delete(child));
    // Whoever waits for a text and gets it need not wait for the end too.
    ended.catch(() => {});
    return {
      child,
      ended,
      async said(text) {
        const is = (): boolean => output.stdout.includes(text) || output.stderr.includes(text);
        while (!is()) {
          const over = await Promise.race([once(child, "said").then(() => undefined), ended]);
          if (over !== undefined && !is()) throw new Error(`it never said ${text}: ${JSON.stringify(over)}`);
        }
      },
    };
  };
  const files = (name: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readdirSync(join(directory, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.slice(directory.length + 1), readFileSync(path, "utf8")]),
    );
  return {
    directory,
    start,
    run: async (...args) => await start(...args).ended,
    write: (name, text) => writeFileSync(join(directory, name), text),
    json: (name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as unknown,
    files,
    leftBehind: () => [...readdirSync(temporary), ...markedProcesses(mark).map(String)],
  };
}

async function whenEnded(
  child: ChildProcess,
  output: { readonly stdout: string; readonly stderr: string },
): Promise<Ended> {
  try {
    const [code] = (await once(child, "close", { signal: AbortSignal.timeout(LONGEST_MS) })) as [number | null];
    return { code, ...output };
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`it did not end in ${LONGEST_MS} ms: ${JSON.stringify(output)}`, { cause: error });
  }
}

/** Every process that has the mark in its environment; a child inherits it. */
function markedProcesses(mark: string): readonly number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, "latin1").includes(`${MARK}=${mark}`) ? [Number(name)] : [];
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return [];
    }
  });
}
