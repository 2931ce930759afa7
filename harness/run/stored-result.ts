import { join } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { counterexampleDirectory } from "./run-directory.ts";
import { readIfThere, readStoredCases, readStoredTrace } from "./read-stored.ts";
import type { Counterexample, RunResult } from "./run-result.ts";

const SCHEMA = "ringtrue.run/1";

type StoredCounterexample = Omit<Counterexample, "trace">;
type StoredResult = Omit<RunResult, "cases" | "runTrace" | "counterexamples"> & {
  readonly schema: typeof SCHEMA;
  readonly counterexamples: readonly StoredCounterexample[];
};

/** What a run found, without its cases and traces, which lie in files of their own. */
export function encodeResult({ cases: _cases, runTrace: _runTrace, counterexamples, ...rest }: RunResult): string {
  const stored: StoredResult = {
    schema: SCHEMA,
    ...rest,
    counterexamples: counterexamples.map(({ trace: _trace, ...one }) => one),
  };
  return `${JSON.stringify(stored, undefined, 2)}\n`;
}

/**
 * The whole result of a run directory: to write its reports again, to merge it, to conclude it anew.
 *
 * @param judged verdicts that take the place of the stored ones.
 * @throws UsageError when the directory holds no run, or a file in it is damaged.
 */
export async function storedResult(
  directory: string,
  judged?: Pick<RunResult, "cases" | "runTrace" | "runScope">,
): Promise<RunResult> {
  const path = join(directory, "run", "result.json");
  const text = await readIfThere(path);
  if (text === undefined)
    throw new UsageError("no-stored-run", `${directory} holds no run: there is no run/result.json in it.`);
  const { schema: _schema, ...stored } = decodeResult(text, path);
  const cases = judged?.cases ?? (await readStoredCases(directory));
  const runTrace = judged === undefined ? await readStoredTrace(join(directory, "run")) : judged.runTrace;
  const counterexamples: Counterexample[] = [];
  for (const one of stored.counterexamples) {
    const trace = await readStoredTrace(counterexampleDirectory(directory, one));
    if (trace === undefined)
      throw new UsageError("damaged-run", `${counterexampleDirectory(directory, one)} has lost its trace.ndjson.`);
    counterexamples.push({ ...one, trace });
  }
  return {
    ...stored,
    cases,
    ...(runTrace === undefined ? {} : { runTrace }),
    runScope: judged?.runScope ?? stored.runScope,
    counterexamples,
  };
}

function decodeResult(text: string, path: string): StoredResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError("damaged-run", `${path} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const { schema, counterexamples } = (value ?? {}) as Partial<StoredResult>;
  if (schema !== SCHEMA || !Array.isArray(counterexamples))
    throw new UsageError(
      "damaged-run",
      `${path}: schema must be ${JSON.stringify(SCHEMA)}: was it written by another version?`,
    );
  return value as StoredResult;
}
