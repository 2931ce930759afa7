import { existsSync } from "node:fs";
import { access, constants, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UsageError } from "../harness/errors.ts";
import { RUN_DIRECTORY_ENTRIES } from "../harness/run/run-directory.ts";
import { makeDirectory } from "./make-directory.ts";

/** Every file a run puts into its folders. */
const STORED_FILES = new Set(["plan.json", "trace.ndjson", "verdicts.json", "replay.json", "result.json"]);
const REPORT_FILES = ["report.json", "index.html", "junit.xml"];

/**
 * Makes the directory of the run's results, and empties it of an earlier run: should this one end before it has any, nobody
 * takes the old ones for its own.
 *
 * @throws UsageError when nothing can be written there, or when it holds folders of somebody else under names a run uses.
 */
export async function prepareReportDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      "REPORT_DIRECTORY",
      `The report directory ${directory} cannot be written: ${messageOf(error)}. Name another with --report-dir.`,
      { cause: error },
    );
  }
  for (const name of RUN_DIRECTORY_ENTRIES) {
    const foreign = await foreignFile(join(directory, name));
    if (foreign === undefined) continue;
    throw new UsageError(
      "REPORT_DIRECTORY",
      `The report directory ${directory} holds ${foreign}, which no run wrote and a run would remove. Name another with --report-dir.`,
    );
  }
  const old = existsSync(join(directory, "cases.ndjson")) ? REPORT_FILES : [];
  for (const name of [...RUN_DIRECTORY_ENTRIES, ...old]) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

async function foreignFile(folder: string): Promise<string | undefined> {
  if (!existsSync(folder) || folder.endsWith(".ndjson")) return undefined;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => !entry.isDirectory() && !STORED_FILES.has(entry.name));
  return found === undefined ? undefined : join(found.parentPath, found.name);
}
