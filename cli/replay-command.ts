import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { messageOf, UsageError } from "../harness/errors.ts";
import type { ExitCode } from "../harness/judge/exit-code.ts";
import { describePlan } from "../harness/plan/describe-plan.ts";
import { parseReplayFile } from "../harness/run/replay-file.ts";
import { replayCounterexample, type ReplayOutcome } from "../harness/run/replay.ts";
import { ladderOf } from "../reports/ladder/ladder.ts";
import { ladderText } from "../reports/ladder/ladder-text.ts";
import { requirements } from "../scenarios/catalogue.ts";
import { ownSipFaults } from "../scenarios/requirements/sip/own-sip-faults.ts";
import { configOf, type ConfigOptions } from "./config-of.ts";
import { interruptSignal } from "./interrupt.ts";
import { openRun } from "./open-run.ts";

const words: Readonly<Record<ReplayOutcome, string>> = {
  fixed: "FIXED",
  "still-failing": "STILL FAILING",
  different: "DIFFERENT",
  inconclusive: "INCONCLUSIVE",
};

const exitCodes: Readonly<Record<ReplayOutcome, ExitCode>> = {
  fixed: 0,
  "still-failing": 1,
  different: 1,
  inconclusive: 2,
};

/** `ringtrue replay FILE`: plays one stored counterexample again. */
export async function replayCommand(
  file: string,
  options: ConfigOptions,
  print: (line: string) => void,
): Promise<ExitCode> {
  const replay = parseReplayFile(await read(file), file);
  const { config, source } = await configOf({ ...options, role: options.role ?? replay.plan.role });
  const interrupt = interruptSignal(() => print("Interrupted."));
  try {
    print(
      `Replaying ${replay.requirement}${replay.mismatch === undefined ? "" : ` (${replay.mismatch})`} against ${config.target.name} (${source})`,
    );
    for (const line of describePlan(replay.plan)) print(`  ${line}`);
    const run = await openRun(config, interrupt.signal, print);
    try {
      const replayed = await replayCounterexample(replay, {
        world: run.world,
        target: run.target,
        requirements,
        ownFaults: ownSipFaults,
        nonce: randomBytes(4).toString("hex"),
        ...(config.target.subscribers.kind === "pool" ? { accounts: config.target.subscribers.accounts } : {}),
        clock: run.clock,
        signal: interrupt.signal,
        onEvent: () => {},
      });
      const { outcome, reproduced, failing, verdicts, trace } = replayed;
      const evidence = failing.flatMap((id) => {
        const verdict = verdicts[id];
        return verdict?.kind === "fail" ? verdict.evidence : [];
      });
      print("");
      for (const line of ladderText(ladderOf(trace, { violation: evidence }))) print(line);
      print("");
      print(`${words[outcome]}: failed ${reproduced.k} of ${reproduced.n}`);
      for (const id of failing) {
        const verdict = verdicts[id];
        if (verdict?.kind === "fail")
          print(`  ${id} (${verdict.mismatch}): expected ${verdict.expected}; actual ${verdict.actual}`);
      }
      return exitCodes[outcome];
    } finally {
      await run.close();
    }
  } finally {
    interrupt.release();
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError("UNREADABLE", `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
