import { join } from "node:path";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { UsageError } from "../harness/errors.ts";
import type { ExitCode } from "../harness/judge/exit-code.ts";
import { progressReporter } from "../reports/terminal/progress.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";
import { configsOf, type ConfigOptions } from "./config-of.ts";
import { interruptSignal } from "./interrupt.ts";
import { prepareReportDirectory } from "./report-directory.ts";
import { runTarget, type TargetRun } from "./run-target.ts";
import { select } from "./selection.ts";
import { selectForRole } from "./select-for-role.ts";
import { shellWord } from "./shell-word.ts";
import { worstExitCode } from "./worst-exit-code.ts";

export interface RunOptions extends ConfigOptions {
  readonly shard?: { readonly index: number; readonly of: number };
  readonly keepAll?: boolean;
  /** False for `--no-shrink`. */
  readonly shrink?: boolean;
}

/** `ringtrue run`: the main job, for one target or, with the embedded default, for one of each role. */
export async function runCommand(options: RunOptions): Promise<ExitCode> {
  const { configs, source, embedded } = await configsOf(options);
  for (const config of configs) checkExpectedFailures(config, source);
  const jobs = configs.flatMap((config): readonly TargetRun[] => {
    const chosen = selectForRole(config, configs.length > 1);
    if (chosen === undefined) return [];
    const { role } = config.target;
    return [
      {
        config,
        source,
        ...chosen,
        directory: embedded ? join(config.reports.directory, role) : config.reports.directory,
        ...(options.shard === undefined ? {} : { shard: options.shard }),
        keepAll: options.keepAll === true,
        shrink: options.shrink !== false,
        replayCommand: (replayFile) => replayCommandFor(replayFile, options),
      },
    ];
  });
  if (jobs.length === 0) throw nothingToPlay(options);
  for (const { directory } of jobs) await prepareReportDirectory(directory);
  const interrupt = interruptSignal(() =>
    progress.say("Interrupted: writing what there is. Press Ctrl-C again to stop at once."),
  );
  let progress = progressReporter({ stream: process.stdout, isTty: process.stdout.isTTY });
  try {
    const codes: ExitCode[] = [];
    for (const job of jobs) {
      if (interrupt.signal.aborted) break;
      if (codes.length > 0) {
        progress = progressReporter({ stream: process.stdout, isTty: process.stdout.isTTY });
        progress.say("");
      }
      codes.push(await runTarget(job, progress, interrupt.signal));
    }
    // Nothing was found out about those that an interruption kept from being played at all.
    const unplayed = jobs.slice(codes.length);
    for (const { config } of unplayed) progress.say(`${config.target.name} was not played.`);
    return worstExitCode([...codes, ...unplayed.map((): ExitCode => 2)]);
  } finally {
    progress.close();
    interrupt.release();
  }
}

/** Scenarios and requirements were named that no target of the run is for. */
function nothingToPlay({ scenario = [], requirement = [] }: RunOptions): UsageError {
  const named = [...scenario, ...requirement].join(", ");
  return new UsageError(
    "EMPTY_SELECTION",
    `${named}: no target of this run has scenarios and requirements for all of it.`,
  );
}

function checkExpectedFailures(config: QualifiedConfig, source: string): void {
  for (const { requirement, scenario } of config.expectedFailures) {
    try {
      select(requirements, [requirement], "requirement");
      if (scenario !== undefined) select(scenarios, [scenario], "scenario");
    } catch (error) {
      if (error instanceof UsageError)
        throw new UsageError(error.code, `${source}: expectedFailures: ${error.message}`);
      throw error;
    }
  }
}

function replayCommandFor(replayFile: string, options: RunOptions): string {
  const same = (["config", "role", "reference", "fault", "profile"] as const).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`--${name} ${shellWord(value)}`];
  });
  return ["npx ringtrue replay", shellWord(replayFile), ...same].join(" ");
}
