import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { decodeTrace } from "../trace/ndjson.ts";
import type { Trace } from "../trace/trace.ts";
import type { CaseResult } from "./run-result.ts";
import { decodeCases } from "./stored-case.ts";

/**
 * The cases of a run directory, each with its trace where one was kept.
 *
 * @throws UsageError when the directory holds no run, or a file in it is damaged.
 */
export async function readStoredCases(directory: string): Promise<readonly CaseResult[]> {
  const file = join(directory, "cases.ndjson");
  const text = await readIfThere(file);
  if (text === undefined)
    throw new UsageError("no-stored-run", `${directory} holds no run: there is no cases.ndjson in it.`);
  const cases: CaseResult[] = [];
  for (const stored of decodeCases(text, file)) {
    const trace = await readStoredTrace(join(directory, "cases", stored.id));
    cases.push(trace === undefined ? stored : { ...stored, trace });
  }
  return cases;
}

/** The `trace.ndjson` of one directory of a run, or undefined when none was kept. */
export async function readStoredTrace(directory: string): Promise<Trace | undefined> {
  const path = join(directory, "trace.ndjson");
  const text = await readIfThere(path);
  return text === undefined ? undefined : decodeTrace(text, path);
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UsageError("unreadable", `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
