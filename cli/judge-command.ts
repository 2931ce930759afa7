import { exitCodeOf, type ExitCode } from "../harness/judge/exit-code.ts";
import { concludeRun } from "../harness/judge/run-verdict.ts";
import { rejudge } from "../harness/run/rejudge.ts";
import { storedResult } from "../harness/run/stored-result.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";

/** `ringtrue judge DIR`: judges the stored traces of a run again, with today's catalogue and no target. */
export async function judgeCommand(directory: string, print: (line: string) => void): Promise<ExitCode> {
  const judged = await rejudge(directory, requirements);
  print(`${judged.judged} of ${judged.of} traces judged again in ${directory}`);
  for (const { case: id, requirement, before, after } of judged.changed) {
    print(
      `  ${id ?? "the run"}: ${requirement} was ${before?.kind ?? "not judged"}, is ${after?.kind ?? "not judged"} now`,
    );
  }
  if (judged.changed.length === 0) print("  Every verdict is as it was.");
  const result = await storedResult(directory, judged);
  const { verdict, reasons } = concludeRun(result, requirements, scenarios);
  print(`Verdict: ${verdict}`);
  for (const reason of reasons) print(`  ${reason}`);
  return exitCodeOf(verdict);
}
