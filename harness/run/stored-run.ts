import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RequirementId, Verdict } from "../judge/requirement.ts";
import { encodeTrace } from "../trace/ndjson.ts";
import { redactTrace } from "../trace/redact.ts";
import type { Trace } from "../trace/trace.ts";
import { encodeResult } from "./stored-result.ts";
import { counterexampleDirectory, RUN_DIRECTORY_ENTRIES } from "./run-directory.ts";
import type { ReplayFile } from "./replay-file.ts";
import type { CaseResult, Counterexample, RunResult } from "./run-result.ts";
import { encodeCases } from "./stored-case.ts";

/**
 * Writes `cases.ndjson`, `cases/<case-id>/` and `counterexamples/<requirement>/` (each plan.json, trace.ndjson, verdicts.json,
 * replay.json) for everything that carries a trace, and `run/` (result.json, trace.ndjson). What an earlier run left there is
 * removed first.
 *
 * @param secrets are redacted wherever they stand.
 */
export async function writeStoredRun(
  directory: string,
  unredacted: RunResult,
  secrets: readonly string[] = [],
): Promise<void> {
  // The redaction walks plain data of any shape; a verdict may quote what a trace holds.
  const result = redactTrace(unredacted as unknown as Trace, secrets) as unknown as RunResult;
  await mkdir(directory, { recursive: true });
  for (const name of RUN_DIRECTORY_ENTRIES) await rm(join(directory, name), { recursive: true, force: true });
  for (const one of result.cases) {
    if (one.trace === undefined) continue;
    const replay = replayOfCase(one, result);
    await writeCase(join(directory, "cases", one.id), { ...one, trace: one.trace, replay });
  }
  for (const one of result.counterexamples) {
    const verdicts = { [one.requirement]: one.verdict };
    const replay = replayOfCounterexample(one, result);
    await writeCase(counterexampleDirectory(directory, one), { ...one, verdicts, replay });
  }
  await mkdir(join(directory, "run"), { recursive: true });
  if (result.runTrace !== undefined)
    await writeFile(join(directory, "run", "trace.ndjson"), encodeTrace(result.runTrace));
  await writeFile(join(directory, "run", "result.json"), encodeResult(result));
  // Last, so that a directory with it is a whole one.
  await writeFile(join(directory, "cases.ndjson"), encodeCases(result.cases));
}

async function writeCase(
  directory: string,
  one: Pick<CaseResult, "plan" | "verdicts"> & { readonly trace: Trace; readonly replay: ReplayFile | undefined },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "plan.json"), json(one.plan));
  await writeFile(join(directory, "trace.ndjson"), encodeTrace(one.trace));
  await writeFile(join(directory, "verdicts.json"), json(one.verdicts));
  if (one.replay !== undefined) await writeFile(join(directory, "replay.json"), json(one.replay));
}

/** A case is replayed for what it shows first of: a fail, something inconclusive, a pass. */
function replayOfCase(one: CaseResult, { facts, seed }: RunResult): ReplayFile | undefined {
  const verdicts = Object.entries(one.verdicts) as [RequirementId, Verdict][];
  const about = (["fail", "inconclusive", "pass"] as const)
    .map((kind) => verdicts.find(([, verdict]) => verdict.kind === kind))
    .find((found) => found !== undefined);
  if (about === undefined) return undefined;
  const [requirement, verdict] = about;
  const mismatch = verdict.kind === "fail" ? { mismatch: verdict.mismatch } : {};
  return { schema: "ringtrue.replay/1", requirement, ...mismatch, plan: one.plan, facts, seed, path: "" };
}

function replayOfCounterexample(one: Counterexample, { facts }: RunResult): ReplayFile {
  const { requirement, mismatch, plan, seed, path } = one;
  return { schema: "ringtrue.replay/1", requirement, mismatch, plan, facts, seed, path };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
