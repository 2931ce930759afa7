import { messageOf, UsageError } from "../errors.ts";
import type { CaseResult } from "./run-result.ts";

/** One line of `cases.ndjson`: a case without its trace. */
export type StoredCase = Omit<CaseResult, "trace">;

export function encodeCases(cases: readonly CaseResult[]): string {
  return cases.map((one) => `${JSON.stringify({ ...one, trace: undefined })}\n`).join("");
}

/** @throws UsageError naming file and line when a line is no case; a last line without its end is a truncated file. */
export function decodeCases(text: string, name: string): readonly StoredCase[] {
  if (text !== "" && !text.endsWith("\n"))
    throw new UsageError(
      "truncated-cases",
      `${name} is truncated: its last line has no end. Was the run cut off while it was written?`,
    );
  return text
    .split("\n")
    .slice(0, -1)
    .map((line, index) => decodeCase(line, `${name}:${index + 1}`));
}

function decodeCase(line: string, where: string): StoredCase {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new UsageError("bad-case", `${where} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!isCase(value))
    throw new UsageError("bad-case", `${where} is no case: it needs id, scenario, plan, verdicts and end.`);
  return value;
}

/** The id names a directory, so it is held to what scenarios make it of. */
function isCase(value: unknown): value is StoredCase {
  const { id, scenario, plan, verdicts, end } = (value ?? {}) as Partial<Record<keyof StoredCase, unknown>>;
  return (
    typeof id === "string" &&
    /^[a-z0-9-]+$/.test(id) &&
    typeof scenario === "string" &&
    [plan, verdicts, end].every((part) => typeof part === "object" && part !== null)
  );
}
