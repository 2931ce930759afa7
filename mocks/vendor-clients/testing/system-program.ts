import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Mocks } from "./vendor-program.ts";

/** Whether a program is on this machine. A test says so where it is not, and fails where everything is required. */
export function isThere(program: string): boolean {
  const is = spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
  const mustRun = process.env["RINGTRUE_REQUIRE_ALL"] === "1";
  // A skipped test's title is not printed by every reporter.
  if (!is) process.stderr.write(`NOT TESTED: the mocks against ${program}, which is missing\n`);
  test.skipIf(!is && !mustRun)(`${program} is there; without it the mocks are NOT TESTED against it`, () => {
    expect(is).toBe(true);
  });
  return is;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(program: string, args: readonly string[]): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(program, args, { timeout: 15_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

/** Files that programs read. */
export interface Files {
  path(name: string): string;
  write(name: string, text: string): string;
  remove(): void;
}

export function files({ apns, fcm }: Mocks): Files {
  const directory = mkdtempSync(join(tmpdir(), "ringtrue-vendor-"));
  const path = (name: string): string => join(directory, name);
  const write = (name: string, text: string): string => {
    writeFileSync(path(name), text);
    return path(name);
  };
  write("ca.pem", `${apns?.caPem ?? ""}${fcm?.caPem ?? ""}`);
  return { path, write, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
